using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GenSomAttn.Model.Metrics;

/// <summary>
/// Micro-kernel of dot products: four rows with a panel of columns, three vectors wide, without horizontal sums. They took more than half
/// of the time of products of 128 elements.
/// </summary>
/// <remarks>
/// The order of a sum is that of <see cref="RowProducts"/>: lane l sums the elements whose index is l modulo Vector.Count, then the lanes
/// are added pairwise, as Vector.Sum adds them, then the remaining elements follow. A panel therefore holds the elements of each lane one
/// after the other, so that the sums of a lane stay in registers.
/// </remarks>
internal static class RowTile<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Rows of a tile: 4 x 3 vectors are 12 accumulators of 16 registers.</summary>
    public const int Rows = 4;

    private const int Vectors = 3;

    /// <summary>Columns of a panel.</summary>
    public static int Columns => Vectors * Vector<T>.Count;

    /// <summary>Vectors of scratch that <see cref="Multiply"/> needs.</summary>
    public static int Scratch => Vector<T>.Count * Rows * Vectors;

    /// <summary>Returns the place of an element of a column in its panel.</summary>
    /// <param name="element">Index of the element.</param>
    /// <param name="dimension">D, elements of a column.</param>
    public static int PlaceOf(int element, int dimension)
    {
        int steps = dimension / Vector<T>.Count;
        return element < steps * Vector<T>.Count ? (element % Vector<T>.Count * steps) + (element / Vector<T>.Count) : element;
    }

    /// <summary>Computes the 4 x <see cref="Columns"/> dot products of four rows and a panel.</summary>
    /// <param name="rows">(4, D).</param>
    /// <param name="panel">(D, <see cref="Columns"/>), element e of a column in row <see cref="PlaceOf"/>(e).</param>
    /// <param name="scratch">At least <see cref="Scratch"/> vectors.</param>
    /// <param name="products">Receives each row of products.</param>
    /// <param name="stride">Distance of two rows of products.</param>
    public static void Multiply(
        ReadOnlySpan<T> rows, ReadOnlySpan<T> panel, Span<Vector<T>> scratch, Span<T> products, int stride)
    {
        const int Size = Rows * Vectors;
        int lanes = Vector<T>.Count;
        int dimension = rows.Length / Rows;
        int steps = dimension / lanes;
        Debug.Assert(panel.Length == dimension * Columns, "A panel holds all elements of its columns.");
        Debug.Assert(scratch.Length >= Scratch && products.Length >= (3 * stride) + Columns, "The results have space.");
        ref T row0 = ref MemoryMarshal.GetReference(rows);
        ref T columns = ref MemoryMarshal.GetReference(panel);
        ref Vector<T> sums = ref MemoryMarshal.GetReference(scratch);
        for (int lane = 0; lane < lanes; lane++)
        {
            SumLane(
                ref Unsafe.Add(ref row0, lane), ref Unsafe.Add(ref columns, lane * steps * Columns), (nuint)dimension, (nuint)steps,
                ref Unsafe.Add(ref sums, lane * Size));
        }

        for (int apart = 1; apart < lanes; apart *= 2)
        {
            for (int lane = 0; lane < lanes; lane += 2 * apart)
            {
                ref Vector<T> sum = ref Unsafe.Add(ref sums, lane * Size);
                ref Vector<T> other = ref Unsafe.Add(ref sum, apart * Size);
                for (int i = 0; i < Size; i++)
                {
                    Unsafe.Add(ref sum, i) += Unsafe.Add(ref other, i);
                }
            }
        }

        ref T product = ref MemoryMarshal.GetReference(products);
        for (int row = 0; row < Rows; row++)
        {
            for (int vector = 0; vector < Vectors; vector++)
            {
                Vector<T> sum = Unsafe.Add(ref sums, (row * Vectors) + vector);
                for (int element = steps * lanes; element < dimension; element++)
                {
                    var factor = new Vector<T>(Unsafe.Add(ref row0, (row * dimension) + element));
                    sum += factor * Vector.LoadUnsafe(ref columns, (nuint)((element * Columns) + (vector * lanes)));
                }

                sum.StoreUnsafe(ref product, (nuint)((row * stride) + (vector * lanes)));
            }
        }
    }

    /// <summary>
    /// Sums one lane: each step loads 3 vectors, broadcasts 4 elements and does 12 multiply-adds. It makes no calls, which would spill the
    /// accumulators to memory in every step.
    /// </summary>
    private static void SumLane(ref T rows, ref T panel, nuint dimension, nuint steps, ref Vector<T> sums)
    {
        nuint lanes = (nuint)Vector<T>.Count;
        ref T row1 = ref Unsafe.Add(ref rows, dimension);
        ref T row2 = ref Unsafe.Add(ref row1, dimension);
        ref T row3 = ref Unsafe.Add(ref row2, dimension);
        Vector<T> s00 = default, s01 = default, s02 = default, s10 = default, s11 = default, s12 = default;
        Vector<T> s20 = default, s21 = default, s22 = default, s30 = default, s31 = default, s32 = default;
        nuint column = 0;
        for (nuint i = 0; i < steps * lanes; i += lanes)
        {
            Vector<T> b0 = Vector.LoadUnsafe(ref panel, column);
            Vector<T> b1 = Vector.LoadUnsafe(ref panel, column + lanes);
            Vector<T> b2 = Vector.LoadUnsafe(ref panel, column + (2 * lanes));
            var row = new Vector<T>(Unsafe.Add(ref rows, i));
            s00 = RowProducts.MultiplyAdd(row, b0, s00);
            s01 = RowProducts.MultiplyAdd(row, b1, s01);
            s02 = RowProducts.MultiplyAdd(row, b2, s02);
            row = new Vector<T>(Unsafe.Add(ref row1, i));
            s10 = RowProducts.MultiplyAdd(row, b0, s10);
            s11 = RowProducts.MultiplyAdd(row, b1, s11);
            s12 = RowProducts.MultiplyAdd(row, b2, s12);
            row = new Vector<T>(Unsafe.Add(ref row2, i));
            s20 = RowProducts.MultiplyAdd(row, b0, s20);
            s21 = RowProducts.MultiplyAdd(row, b1, s21);
            s22 = RowProducts.MultiplyAdd(row, b2, s22);
            row = new Vector<T>(Unsafe.Add(ref row3, i));
            s30 = RowProducts.MultiplyAdd(row, b0, s30);
            s31 = RowProducts.MultiplyAdd(row, b1, s31);
            s32 = RowProducts.MultiplyAdd(row, b2, s32);
            column += 3 * lanes;
        }

        sums = s00;
        Unsafe.Add(ref sums, 1) = s01;
        Unsafe.Add(ref sums, 2) = s02;
        Unsafe.Add(ref sums, 3) = s10;
        Unsafe.Add(ref sums, 4) = s11;
        Unsafe.Add(ref sums, 5) = s12;
        Unsafe.Add(ref sums, 6) = s20;
        Unsafe.Add(ref sums, 7) = s21;
        Unsafe.Add(ref sums, 8) = s22;
        Unsafe.Add(ref sums, 9) = s30;
        Unsafe.Add(ref sums, 10) = s31;
        Unsafe.Add(ref sums, 11) = s32;
    }
}

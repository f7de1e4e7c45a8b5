namespace GenSomAttn.Model.Pictures;

/// <summary>
/// U-matrix: distances in the latent space between neighboring units of the map. Ridges of large distances separate clusters.
/// Source: A. Ultsch, H. P. Siemon, Kohonen's Self Organizing Feature Maps for Exploratory Data Analysis, INNC 1990.
/// </summary>
public sealed class UMatrix
{
    private readonly float[] _codebook;
    private readonly int _dimension;

    /// <summary>Creates the U-matrix of a codebook.</summary>
    /// <param name="codebook">(rows · columns, D).</param>
    /// <param name="rows">Rows of the map.</param>
    /// <param name="columns">Columns of the map.</param>
    public UMatrix(float[] codebook, int rows, int columns)
    {
        ArgumentNullException.ThrowIfNull(codebook);
        ArgumentOutOfRangeException.ThrowIfNotEqual(codebook.Length % (rows * columns), 0, nameof(codebook));
        _codebook = codebook;
        _dimension = codebook.Length / (rows * columns);
        Rows = rows;
        Columns = columns;
    }

    /// <summary>Rows of the map.</summary>
    public int Rows { get; }

    /// <summary>Columns of the map.</summary>
    public int Columns { get; }

    /// <summary>Computes the distance to the unit on the right; NaN in the last column.</summary>
    public double Right(int row, int column) => Distance(row, column, row, column + 1);

    /// <summary>Computes the distance to the unit below; NaN in the last row.</summary>
    public double Below(int row, int column) => Distance(row, column, row + 1, column);

    /// <summary>Computes the mean of the two diagonal distances across the corner below right; NaN in the last row and column.</summary>
    public double Diagonal(int row, int column)
        => (Distance(row, column, row + 1, column + 1) + Distance(row, column + 1, row + 1, column)) / 2;

    /// <summary>Computes the mean distance to the up to four neighbors; NaN on a map of one unit.</summary>
    public double Mean(int row, int column)
    {
        double[] distances =
        [
            Distance(row, column, row - 1, column), Distance(row, column, row + 1, column),
            Distance(row, column, row, column - 1), Distance(row, column, row, column + 1),
        ];
        return distances.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
    }

    private double Distance(int row, int column, int otherRow, int otherColumn)
    {
        if (!Contains(row, column) || !Contains(otherRow, otherColumn))
        {
            return double.NaN;
        }

        ReadOnlySpan<float> vector = Vector(row, column);
        ReadOnlySpan<float> other = Vector(otherRow, otherColumn);
        double sum = 0;
        for (int d = 0; d < _dimension; d++)
        {
            double difference = (double)vector[d] - other[d];
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }

    private bool Contains(int row, int column) => row >= 0 && column >= 0 && row < Rows && column < Columns;

    private ReadOnlySpan<float> Vector(int row, int column) => _codebook.AsSpan(((row * Columns) + column) * _dimension, _dimension);
}

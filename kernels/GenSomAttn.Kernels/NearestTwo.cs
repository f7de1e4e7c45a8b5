using ILGPU;

namespace GenSomAttn.Kernels;

/// <summary>
/// The two nearest units found so far, with their squared distances. Of equal distances the lower unit is nearer; NaN counts as
/// infinitely far.
/// </summary>
public readonly record struct NearestTwo(float Distance, int Unit, float SecondDistance, int SecondUnit)
{
    /// <summary>In place of a unit where there is none.</summary>
    public const int None = int.MaxValue;

    /// <summary>Floats that it takes in shared memory.</summary>
    public const int Floats = 4;

    /// <summary>Nothing found.</summary>
    public static NearestTwo Nothing => new(float.PositiveInfinity, None, float.PositiveInfinity, None);

    /// <summary>With one more unit; <see cref="None"/> changes nothing, whatever its distance.</summary>
    public NearestTwo With(float distance, int unit)
    {
        float known = float.IsNaN(distance) || unit == None ? float.PositiveInfinity : distance;
        bool first = IsNearer(known, unit, Distance, Unit);
        bool second = IsNearer(known, unit, SecondDistance, SecondUnit);
        return new NearestTwo(
            first ? known : Distance, first ? unit : Unit,
            first ? Distance : second ? known : SecondDistance, first ? Unit : second ? unit : SecondUnit);
    }

    /// <summary>With what was found among other units.</summary>
    public NearestTwo With(NearestTwo other) => With(other.Distance, other.Unit).With(other.SecondDistance, other.SecondUnit);

    /// <summary>Writes it to shared memory, for other threads.</summary>
    public void Put(ArrayView<float> shared, int place)
    {
        shared[Floats * place] = Distance;
        shared[(Floats * place) + 1] = Interop.IntAsFloat((uint)Unit);
        shared[(Floats * place) + 2] = SecondDistance;
        shared[(Floats * place) + 3] = Interop.IntAsFloat((uint)SecondUnit);
    }

    /// <summary>Reads what <see cref="Put"/> wrote.</summary>
    public static NearestTwo Get(ArrayView<float> shared, int place) => new(
        shared[Floats * place], (int)Interop.FloatAsInt(shared[(Floats * place) + 1]),
        shared[(Floats * place) + 2], (int)Interop.FloatAsInt(shared[(Floats * place) + 3]));

    private static bool IsNearer(float distance, int unit, float than, int thanUnit) =>
        distance < than || (distance == than && unit < thanUnit);
}

using ILGPU;

namespace GenSomAttn.Kernels;

/// <summary>
/// The two nearest units found so far, with their squared distances. Of equal distances the lower unit is nearer; NaN counts as
/// infinitely far.
/// </summary>
public readonly record struct NearestTwo(float Distance, int Unit, float SecondDistance, int SecondUnit)
{
    /// <summary>Index that stands for no unit.</summary>
    public const int None = int.MaxValue;

    /// <summary>Floats of one entry in shared memory.</summary>
    public const int Floats = 4;

    /// <summary>The initial entry, without any unit.</summary>
    public static NearestTwo Nothing => new(float.PositiveInfinity, None, float.PositiveInfinity, None);

    /// <summary>Returns the two nearest with one more unit considered; <see cref="None"/> changes nothing, whatever its distance.</summary>
    public NearestTwo With(float distance, int unit)
    {
        float known = float.IsNaN(distance) || unit == None ? float.PositiveInfinity : distance;
        bool first = IsNearer(known, unit, Distance, Unit);
        bool second = IsNearer(known, unit, SecondDistance, SecondUnit);
        return new NearestTwo(
            first ? known : Distance, first ? unit : Unit,
            first ? Distance : second ? known : SecondDistance, first ? Unit : second ? unit : SecondUnit);
    }

    /// <summary>Returns the two nearest of this entry and another one over other units.</summary>
    public NearestTwo With(NearestTwo other) => With(other.Distance, other.Unit).With(other.SecondDistance, other.SecondUnit);

    /// <summary>Writes the entry to shared memory, for other threads.</summary>
    public void Put(ArrayView<float> shared, int place)
    {
        shared[Floats * place] = Distance;
        shared[(Floats * place) + 1] = Interop.IntAsFloat((uint)Unit);
        shared[(Floats * place) + 2] = SecondDistance;
        shared[(Floats * place) + 3] = Interop.IntAsFloat((uint)SecondUnit);
    }

    /// <summary>Reads an entry that <see cref="Put"/> wrote.</summary>
    public static NearestTwo Get(ArrayView<float> shared, int place) => new(
        shared[Floats * place], (int)Interop.FloatAsInt(shared[(Floats * place) + 1]),
        shared[(Floats * place) + 2], (int)Interop.FloatAsInt(shared[(Floats * place) + 3]));

    private static bool IsNearer(float distance, int unit, float than, int thanUnit) =>
        distance < than || (distance == than && unit < thanUnit);
}

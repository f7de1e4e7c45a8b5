using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Simd.Som;

/// <summary>The state that the steps of a mini-batch update share.</summary>
internal unsafe struct BatchUpdate
{
    /// <summary>The sizes.</summary>
    public SomShape Shape;

    /// <summary>(U): n_k, later Σ over the units of a row of h n.</summary>
    public float* Hits;

    /// <summary>(U, D): s_k, later Σ over the units of a row of h s; undefined where there is no hit.</summary>
    public float* Sums;

    /// <summary>h by distance along one side of the map.</summary>
    public float* Gaussian;

    /// <summary>The first distance at which h is 0.</summary>
    public int Reach;

    /// <summary>(D), padded to whole panels: zeros.</summary>
    public float* NoBias;
}

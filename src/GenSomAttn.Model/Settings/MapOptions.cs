using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Model.Settings;

/// <summary>Initial values of the codebook.</summary>
public enum CodebookInit
{
    /// <summary>0.1 N(0, 1).</summary>
    Random,

    /// <summary>The codes of training images, drawn at random, under the encoder's initial parameters.</summary>
    Sample,

    /// <summary>
    /// A regular grid on the plane of the first two principal components of these codes, from minus one to plus one standard deviation.
    /// </summary>
    Pca,
}

/// <summary>Form of the map; the defaults are a rectangle with open edges, a Gaussian neighborhood and random initial values.</summary>
public sealed record MapOptions
{
    /// <summary>Arrangement of the units.</summary>
    public MapLattice Lattice { get; init; } = MapLattice.Rectangle;

    /// <summary>Whether opposite edges of the map are joined.</summary>
    public bool Torus { get; init; }

    /// <summary>Neighborhood function.</summary>
    public NeighborhoodKind Neighborhood { get; init; } = NeighborhoodKind.Gaussian;

    /// <summary>Initial values of the codebook.</summary>
    public CodebookInit Init { get; init; } = CodebookInit.Random;
}

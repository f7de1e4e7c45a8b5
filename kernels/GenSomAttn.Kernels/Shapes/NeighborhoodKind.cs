using System.Text.Json.Serialization;

namespace GenSomAttn.Kernels.Shapes;

/// <summary>Neighborhood function h of two units at distance d on the grid, with width σ in cells.</summary>
/// <remarks>Source: Kohonen, Self-Organizing Maps, 3rd ed., 2001, chapter 3; names as in the SOM Toolbox and MiniSom.</remarks>
public enum NeighborhoodKind
{
    /// <summary>exp(-d² / 2σ²).</summary>
    Gaussian,

    /// <summary>1 where d ≤ σ, else 0.</summary>
    Bubble,

    /// <summary>max(0, 1 - d² / σ²).</summary>
    Epanechnikov,

    /// <summary>(1 - d² / σ²) exp(-d² / 2σ²): negative beyond σ.</summary>
    [JsonStringEnumMemberName("mexican-hat")]
    MexicanHat,
}

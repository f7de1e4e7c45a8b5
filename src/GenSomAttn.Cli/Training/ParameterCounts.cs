using GenSomAttn.Formats;

namespace GenSomAttn.Cli.Training;

/// <summary>Parameter counts of a model by part.</summary>
internal static class ParameterCounts
{
    private const string OptimizerPart = "optimizer";
    private const string MapPart = "som";

    /// <summary>Returns the count of each part, that of the codebook, and "total" for the parameters trained by gradient.</summary>
    public static IReadOnlyDictionary<string, long> Of(IEnumerable<NamedTensor> tensors)
    {
        var counts = new Dictionary<string, long>();
        foreach (NamedTensor tensor in tensors)
        {
            string part = tensor.Name.Split('.')[0];
            if (part != OptimizerPart)
            {
                counts[part] = counts.GetValueOrDefault(part) + tensor.Values.Length;
            }
        }

        counts["total"] = counts.Where(count => count.Key != MapPart).Sum(count => count.Value);
        return counts;
    }
}

using GenSomAttn.Model.Files;

namespace GenSomAttn.Cli.Training;

/// <summary>How many numbers a model learns, part by part.</summary>
internal static class ParameterCounts
{
    private const string OptimizerPart = "optimizer";
    private const string MapPart = "som";

    /// <summary>Numbers of each part by its name, those of the codebook, and "total" of what the gradient moves.</summary>
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

using System.CommandLine;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Model.Clustering;
using GenSomAttn.Model.Metrics;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Cli.Options;

/// <summary>--clusters of the verbs that show a map.</summary>
/// <param name="verb">The verb that has this option.</param>
internal sealed class ClusterOption(Command verb)
{
    private readonly Option<int> _count = verb.Declare(ValueForms.Count.CreateOption(
        "--clusters", "Number of clusters of units, by Ward's method on their codebook vectors. Default: from 2 to "
        + $"{UnitClusters.MaxChosen}, the number with the largest mean silhouette width. Example: --clusters 8"));

    /// <summary>Refuses more clusters than the map has units.</summary>
    /// <exception cref="UsageException">There are more.</exception>
    public void Check(ParseResult parse, TrainingSettings settings)
    {
        int units = settings.MapHeight * settings.MapWidth;
        if (parse.Given(_count) > units)
        {
            throw new UsageException($"--clusters {parse.Given(_count)} is too many: the map has {units} units.");
        }
    }

    /// <summary>Clusters the units; null, with a note on stderr, if the codebook is not finite.</summary>
    public UnitClusters? Of(ParseResult parse, SomAttnModel model)
    {
        float[] codebook = model.Map.Codebook.ToArray();
        if (!codebook.All(float.IsFinite))
        {
            Console.Error.WriteLine("note: there are no clusters: codebook vectors are not finite");
            return null;
        }

        return UnitClusters.Of(new Rows<float>(codebook, model.Map.Dimension), parse.Given(_count));
    }
}

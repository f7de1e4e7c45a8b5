#:project ../src/GenSomAttn.Model/GenSomAttn.Model.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false

using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using GenSomAttn.Backends;
using GenSomAttn.Backends.Selection;
using GenSomAttn.Formats;
using GenSomAttn.Model.Clustering;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Metrics;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Sampling;
using GenSomAttn.Model.Settings;

// Writes what `evaluate` computes its scores from and no command exports, as NumPy's arrays: the images that it generates, the features
// and probabilities of the classifier, the subsets of the KID; and the fits of k-means and of a mixture to the codes. The run must have
// the scores.json of `evaluate --samples SAMPLES --seed 1`.
//
//   dotnet run --file tools/cross-check.cs -- RUN CLASSIFIER SAMPLES OUTPUT.npz
const ulong SubsetSeed = 1;
const int KidSubsets = 100, KidSubset = 1000, Centers = 20;
var run = RunDirectory.Open(args[0]);
int samples = int.Parse(args[2], CultureInfo.InvariantCulture);
using Backend<float> backend = BackendFactory.Create("cpu", threads: 2);
using var model = (SomAttnModel)ImageModel.Restore(backend, run.LoadCheckpoint());
using var classifier = (ClassifierModel)ImageModel.Restore(backend, RunDirectory.Open(args[1]).LoadCheckpoint());
var config = RunConfig.Load(run.ConfigPath);
var dataset = Dataset.Load(config.Data, config.Settings.ToDataOptions());
List<(NpyArray Array, byte[] Bytes)> arrays = [];

// Generated images, as `evaluate` draws them.
var train = CodedImages.Of(model, dataset.Train);
var sampler = new ImageSampler(model, new Lazy<CodedImages>(train), Console.Error.WriteLine);
using var scores = JsonDocument.Parse(File.ReadAllText(run.ScoresPath));
int subset = Math.Min(KidSubset, Math.Min(samples, dataset.Test.Count));
foreach (JsonElement scored in scores.RootElement.GetProperty("samplers").EnumerateArray())
{
    string name = scored.GetProperty("sampler").GetString()!;
    double? sigma = scored.GetProperty("sigma").ValueKind == JsonValueKind.Null ? null : scored.GetProperty("sigma").GetDouble();
    SampledImages drawn = sampler.Draw(Enum.Parse<SamplerKind>(name, ignoreCase: true), new SampleRequest(samples, 1), sigma);
    AddImages(name, SampleEvaluator.ToImages(drawn.Pixels.Span, model.Shape));
}

AddImages("test", dataset.Test);
AddImages("train", dataset.Train);
AddImages("reconstructions", SampleEvaluator.Reconstruct(model, CodedImages.Of(model, dataset.Test)));
Add("fcd_train", "<i4", Subset.Draw(dataset.Train.Count, dataset.Test.Count, SubsetSeed));
AddSubsets("kid_made", samples, 0);
AddSubsets("kid_test", dataset.Test.Count, 1);

// Fits to the codes of the training images.
var codes = new Rows<float>(train.Codes, model.CodeLength);
var centers = KMeans.Fit(codes, Centers, seed: 1);
Add("kmeans_first", "<f4", KMeans.Fit(codes, Centers, seed: 1, maxSteps: 1).Centers.Values, model.CodeLength);
Add("kmeans_centers", "<f4", centers.Centers.Values, model.CodeLength);
Add("kmeans_steps", "<i4", [centers.Steps]);
Add("kmeans_error", "<f8", [centers.SquaredError, centers.Assign(codes).SquaredDistances.Average()]);
var mixture = GaussianMixture.Fit(codes, Centers, seed: 1);
Add("mixture_weights", "<f8", mixture.Weights);
Add("mixture_means", "<f8", mixture.Means, model.CodeLength);
Add<double>("mixture_factors", "<f8", mixture.Factors(), model.CodeLength * (model.CodeLength + 1) / 2);
Add("mixture_likelihood", "<f8", [mixture.MeanLogLikelihood(codes)]);

using var file = new NpyWriter(args[3], [.. arrays.Select(array => array.Array)]);
for (int array = 0; array < arrays.Count; array++)
{
    file.Append<byte>(array, arrays[array].Bytes);
}

file.Save(rows: 0);

void AddImages(string name, ImageSet images)
{
    var features = ImageFeatures.Of(classifier, images);
    Add($"pixels_{name}", "|u1", images.Pixels.Span, images.Shape.Length);
    Add($"features_{name}", "<f8", features.Features.Values, features.Features.Dimension);
    Add($"probabilities_{name}", "<f8", features.Probabilities.Values, features.Probabilities.Dimension);
}

void AddSubsets(string name, int count, int parity)
{
    IEnumerable<int> drawn = Enumerable.Range(0, KidSubsets).SelectMany(n => Subset.Draw(count, subset, SubsetSeed, (2 * n) + parity));
    Add<int>(name, "<i4", drawn.ToArray(), subset);
}

void Add<T>(string name, string type, ReadOnlySpan<T> values, params int[] row)
    where T : unmanaged
{
    int rows = row.Aggregate(values.Length, (length, axis) => length / axis);
    arrays.Add((new NpyArray(name, type, row) { Rows = rows }, MemoryMarshal.AsBytes(values).ToArray()));
}

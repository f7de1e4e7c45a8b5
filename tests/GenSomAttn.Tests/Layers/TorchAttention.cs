using GenSomAttn.Formats;

namespace GenSomAttn.Tests.Layers;

/// <summary>
/// The forms of attention as loops in double over weights in PyTorch's layouts: nn.LayerNorm, nn.MultiheadAttention without a bias on
/// query, key and value, nn.Linear. Images are (N, C, H, W).
/// </summary>
internal sealed class TorchAttention(Dictionary<string, NamedTensor> weights, int batch)
{
    private const int Heads = 4;
    private const int Parts = 8;
    private const double Epsilon = 1e-5;
    private readonly List<double> _probs = [];

    /// <summary>Attention probabilities (N, H, T, T), appended sample by sample.</summary>
    public IReadOnlyList<double> Probs => _probs;

    /// <summary>Attention over the latent vector as tokens: x = embed(v) + position; y = x + attention(x); each projected back.</summary>
    public double[] Latent(double[] codes) => Samples(codes, code =>
    {
        double[][] embedded = [.. code.Chunk(code.Length / Parts).Select(part => Linear(part, "attention.embed"))];
        double[][] tokens = Sum(embedded, Rows("attention.position"));
        return Projected(Sum(tokens, Attend(tokens)));
    });

    /// <summary>Attention over the positions of an image: y = x + attention(x + position).</summary>
    public double[] Spatial(double[] images) => Samples(images, image =>
    {
        double[][] tokens = Positions(image);
        double[][] mixed = Sum(tokens, Attend(Sum(tokens, Rows("attention.position"))));
        return [.. Enumerable.Range(0, mixed[0].Length).SelectMany(channel => mixed.Select(token => token[channel]))];
    });

    /// <summary>Attention pooling: y = queries + attention(queries, x + position) in the rows of the queries; each projected.</summary>
    public double[] Pool(double[] images) => Samples(images, image =>
    {
        double[][] queries = Rows("attention.queries");
        double[][] attended = Attend([.. queries, .. Sum(Positions(image), Rows("attention.position"))]);
        return Projected(Sum(queries, attended[..Parts]));
    });

    private double[] Samples(double[] numbers, Func<double[], double[]> map)
        => [.. numbers.Chunk(numbers.Length / batch).SelectMany(map)];

    private double[] Projected(double[][] tokens) => [.. tokens.SelectMany(token => Linear(token, "attention.project"))];

    /// <summary>Transposes (C, positions) to tokens of C.</summary>
    private double[][] Positions(double[] image)
    {
        double[][] channels = [.. image.Chunk(image.Length / weights["attention.norm.weight"].Shape[0])];
        return [.. Enumerable.Range(0, channels[0].Length).Select(position => channels.Select(channel => channel[position]).ToArray())];
    }

    private double[][] Attend(double[][] tokens)
    {
        double[][] projected = [.. tokens.Select(token => Product(Normalized(token), weights["attention.in_proj_weight"]))];
        int width = tokens[0].Length;
        int size = width / Heads;
        double[][] context = [.. tokens.Select(_ => new double[width])];
        for (int head = 0; head < Heads; head++)
        {
            double[] Part(int token, int part) => projected[token].AsSpan((part * width) + (head * size), size).ToArray();
            for (int t = 0; t < tokens.Length; t++)
            {
                double[] query = Part(t, 0);
                double[] scores = [.. tokens.Select((_, u) => Math.Exp(Dot(query, Part(u, 1)) / Math.Sqrt(size)))];
                double[] probs = [.. scores.Select(score => score / scores.Sum())];
                _probs.AddRange(probs);
                for (int channel = 0; channel < size; channel++)
                {
                    context[t][(head * size) + channel] = probs.Select((prob, u) => prob * Part(u, 2)[channel]).Sum();
                }
            }
        }

        return [.. context.Select(row => Linear(row, "attention.out_proj"))];
    }

    private double[] Normalized(double[] token)
    {
        double mean = token.Average();
        double deviation = Math.Sqrt(token.Average(number => (number - mean) * (number - mean)) + Epsilon);
        float[] weight = weights["attention.norm.weight"].Values;
        float[] bias = weights["attention.norm.bias"].Values;
        return [.. token.Select((number, channel) => ((number - mean) / deviation * weight[channel]) + bias[channel])];
    }

    private double[] Linear(double[] input, string name)
        => [.. Product(input, weights[$"{name}.weight"]).Zip(weights[$"{name}.bias"].Values, (sum, bias) => sum + bias)];

    /// <summary>Multiplies a weight (out, in) by a vector.</summary>
    private static double[] Product(double[] input, NamedTensor weight)
        => [.. weight.Values.Chunk(input.Length).Select(row => Dot(input, [.. row.Select(number => (double)number)]))];

    private static double Dot(double[] left, double[] right) => left.Zip(right, (l, r) => l * r).Sum();

    private static double[][] Sum(double[][] left, double[][] right)
        => [.. left.Zip(right, (l, r) => l.Zip(r, (a, b) => a + b).ToArray())];

    /// <summary>Splits a parameter (tokens, width) into rows.</summary>
    private double[][] Rows(string name)
        => [.. weights[name].Values.Chunk(weights[name].Shape[1]).Select(row => row.Select(number => (double)number).ToArray())];
}

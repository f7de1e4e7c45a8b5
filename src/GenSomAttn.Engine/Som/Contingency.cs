namespace GenSomAttn.Engine.Som;

/// <summary>How often each cluster (a unit of the map) and each class occur together, and measures of their agreement.</summary>
public sealed class Contingency
{
    private readonly int[] _counts;
    private readonly int _clusters;
    private readonly int _classes;
    private readonly int _total;

    /// <summary>Counts the pairs.</summary>
    /// <param name="clusters">(N), from 0 to <paramref name="clusterCount"/> - 1.</param>
    /// <param name="labels">(N), from 0 to <paramref name="classCount"/> - 1.</param>
    /// <param name="clusterCount">Number of clusters.</param>
    /// <param name="classCount">Number of classes.</param>
    public Contingency(ReadOnlySpan<int> clusters, ReadOnlySpan<byte> labels, int clusterCount, int classCount)
    {
        if (clusters.Length != labels.Length)
        {
            throw new ArgumentException($"{clusters.Length} clusters and {labels.Length} labels; they must be as many.", nameof(labels));
        }

        _clusters = clusterCount;
        _classes = classCount;
        _total = clusters.Length;
        _counts = new int[clusterCount * classCount];
        for (int n = 0; n < clusters.Length; n++)
        {
            _counts[(clusters[n] * classCount) + labels[n]]++;
        }
    }

    private Contingency(int[] counts, int clusters, int classes, int total) =>
        (_counts, _clusters, _classes, _total) = (counts, clusters, classes, total);

    /// <summary>Samples of each class in a cluster.</summary>
    public ReadOnlySpan<int> Classes(int cluster) => _counts.AsSpan(cluster * _classes, _classes);

    /// <summary>Samples in a cluster.</summary>
    public int Size(int cluster)
    {
        int size = 0;
        foreach (int count in Classes(cluster))
        {
            size += count;
        }

        return size;
    }

    /// <summary>The most frequent class of a cluster; of equals the lowest; -1 for an empty cluster.</summary>
    public int Majority(int cluster)
    {
        int majority = -1;
        int most = 0;
        for (int label = 0; label < _classes; label++)
        {
            int count = Classes(cluster)[label];
            if (count > most)
            {
                (majority, most) = (label, count);
            }
        }

        return majority;
    }

    /// <summary>The pairs of both.</summary>
    /// <param name="other">Of other samples, with the same clusters and classes.</param>
    public Contingency Joint(Contingency other)
    {
        ArgumentNullException.ThrowIfNull(other);
        int[] counts = [.. _counts.Zip(other._counts, (own, others) => own + others)];
        return new Contingency(counts, _clusters, _classes, _total + other._total);
    }

    /// <summary>Share of samples that belong to the most frequent class of their cluster: (1/N) Σ over clusters of max over classes.</summary>
    public double Purity() => AccuracyOfMajority(this);

    /// <summary>Share of samples whose class is the most frequent one of their cluster in other samples.</summary>
    /// <param name="known">The other samples, of the same clusters and classes.</param>
    public double AccuracyOfMajority(Contingency known)
    {
        ArgumentNullException.ThrowIfNull(known);
        int right = 0;
        for (int cluster = 0; cluster < _clusters; cluster++)
        {
            int majority = known.Majority(cluster);
            right += majority < 0 ? 0 : Classes(cluster)[majority];
        }

        return (double)right / _total;
    }

    /// <summary>
    /// Normalized mutual information of clusters and classes, 2 I / (H(clusters) + H(classes)): the arithmetic mean, as
    /// scikit-learn since 0.22; not adjusted for chance. 1 if both are a single group.
    /// </summary>
    public double NormalizedMutualInformation()
    {
        (double clusters, double classes, double joint) = Entropies();
        // Of independent groups rounding may leave a little less than nothing.
        return clusters + classes == 0 ? 1 : Math.Max(0, 2 * (clusters + classes - joint) / (clusters + classes));
    }

    /// <summary>
    /// The same with the geometric mean, I / √(H(clusters) H(classes)), as scikit-learn before 0.22 and much published work. 1 if both
    /// are a single group, 0 if one of them is.
    /// </summary>
    public double GeometricMutualInformation()
    {
        (double clusters, double classes, double joint) = Entropies();
        return clusters + classes == 0 ? 1
            : clusters == 0 || classes == 0 ? 0
            : Math.Max(0, (clusters + classes - joint) / Math.Sqrt(clusters * classes));
    }

    private (double Clusters, double Classes, double Joint) Entropies()
    {
        double clusterEntropy = 0;
        double jointEntropy = 0;
        int[] classSizes = new int[_classes];
        for (int cluster = 0; cluster < _clusters; cluster++)
        {
            clusterEntropy -= Information.PLogP(Size(cluster), _total);
            for (int label = 0; label < _classes; label++)
            {
                int count = Classes(cluster)[label];
                jointEntropy -= Information.PLogP(count, _total);
                classSizes[label] += count;
            }
        }

        double classEntropy = 0;
        foreach (int size in classSizes)
        {
            classEntropy -= Information.PLogP(size, _total);
        }

        return (clusterEntropy, classEntropy, jointEntropy);
    }
}

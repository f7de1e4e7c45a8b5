namespace GenSomAttn.Engine.Som;

/// <summary>Contingency table of clusters (units of the map) and classes, with measures of their agreement.</summary>
public sealed class Contingency
{
    private readonly int[] _counts;
    private readonly int _clusters;
    private readonly int _classes;
    private readonly int _total;

    /// <summary>Counts the pairs of cluster and class.</summary>
    /// <param name="clusters">(N), from 0 to <paramref name="clusterCount"/> - 1.</param>
    /// <param name="labels">(N), from 0 to <paramref name="classCount"/> - 1.</param>
    /// <param name="clusterCount">Number of clusters.</param>
    /// <param name="classCount">Number of classes.</param>
    public Contingency(ReadOnlySpan<int> clusters, ReadOnlySpan<int> labels, int clusterCount, int classCount)
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

    /// <summary>Returns the number of samples of each class in a cluster.</summary>
    public ReadOnlySpan<int> Classes(int cluster) => _counts.AsSpan(cluster * _classes, _classes);

    /// <summary>Returns the number of samples in a cluster.</summary>
    public int Size(int cluster)
    {
        int size = 0;
        foreach (int count in Classes(cluster))
        {
            size += count;
        }

        return size;
    }

    /// <summary>Returns the most frequent class of a cluster; on a tie the lowest; -1 for an empty cluster.</summary>
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

    /// <summary>Returns the sum of this table and another.</summary>
    /// <param name="other">Table of other samples, with the same clusters and classes.</param>
    public Contingency Joint(Contingency other)
    {
        ArgumentNullException.ThrowIfNull(other);
        int[] counts = [.. _counts.Zip(other._counts, (own, others) => own + others)];
        return new Contingency(counts, _clusters, _classes, _total + other._total);
    }

    /// <summary>
    /// Computes the purity, the share of samples in the most frequent class of their cluster: (1/N) Σ over clusters of max over classes.
    /// </summary>
    public double Purity() => AccuracyOfMajority(this);

    /// <summary>Computes the share of samples whose class is the majority class of their cluster in another table.</summary>
    /// <param name="known">Table of other samples, with the same clusters and classes.</param>
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
    /// Computes the normalized mutual information of clusters and classes with the arithmetic mean, 2 I / (H(clusters) + H(classes)), as
    /// scikit-learn since 0.22; not adjusted for chance. 1 if there is a single cluster and a single class.
    /// </summary>
    public double NormalizedMutualInformation()
    {
        (double clusters, double classes, double joint) = Entropies();
        // For independent clusters and classes, rounding may give a value slightly below 0.
        return clusters + classes == 0 ? 1 : Math.Max(0, 2 * (clusters + classes - joint) / (clusters + classes));
    }

    /// <summary>
    /// Computes the normalized mutual information with the geometric mean, I / √(H(clusters) H(classes)), as scikit-learn before 0.22 and
    /// much published work. 1 if there is a single cluster and a single class, 0 if only one of both is single.
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

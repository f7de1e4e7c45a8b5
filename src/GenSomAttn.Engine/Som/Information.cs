namespace GenSomAttn.Engine.Som;

/// <summary>Terms of Shannon entropies, in nats.</summary>
internal static class Information
{
    /// <summary>Computes p ln p with p = count / total; 0 for a count of 0, the limit.</summary>
    public static double PLogP(long count, long total)
    {
        double p = (double)count / total;
        return count == 0 ? 0 : p * Math.Log(p);
    }
}

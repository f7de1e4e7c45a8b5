namespace GenSomAttn.Tests.Evaluation;

/// <summary>Permutations.</summary>
internal static class Orders
{
    /// <summary>Enumerates every permutation.</summary>
    public static IEnumerable<int[]> All(int[] items) => items.Length == 0
        ? [[]]
        : items.SelectMany(first => All([.. items.Where(item => item != first)]).Select(rest => (int[])[first, .. rest]));
}

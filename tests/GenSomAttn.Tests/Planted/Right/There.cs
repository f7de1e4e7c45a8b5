namespace GenSomAttn.Tests.Planted.Right;

/// <summary>The other half of the circle, closed by a lambda, which the compiler moves into a nested class.</summary>
internal static class There
{
    public static List<string> Names() => [.. Enumerable.Range(0, 1).Select(_ => Left.Here.Name)];
}

using GenSomAttn.Tests.Planted.Right;

namespace GenSomAttn.Tests.Planted.Left;

/// <summary>Half of a circle that ArchitectureTests must find: it uses the other half in the body of a method alone.</summary>
internal static class Here
{
    public static string Name => "here";

    public static int Count() => There.Names().Count;
}

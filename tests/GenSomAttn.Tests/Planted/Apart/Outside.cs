using GenSomAttn.Tests.Planted.Left;

namespace GenSomAttn.Tests.Planted.Apart;

/// <summary>Uses the circle without being part of it.</summary>
internal static class Outside
{
    public static int Count() => Here.Count();
}

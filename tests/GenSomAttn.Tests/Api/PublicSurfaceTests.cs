using System.Reflection;
using System.Text.RegularExpressions;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Api;

/// <summary>
/// The public surface of the library is the list in src/GenSomAttn/PublicSurface.txt: a change of it is a change of that file.
/// </summary>
public sealed partial class PublicSurfaceTests
{
    private static string ListPath => Path.Combine(Repository.Root, "src", "GenSomAttn", "PublicSurface.txt");

    [Test]
    public void Surface_OfTheLibrary_IsTheList()
    {
        string[] surface = [.. Surface()];

        Assert.That(File.ReadAllLines(ListPath), Is.EqualTo(surface), string.Join('\n', surface));
    }

    /// <summary>The package hides the other assemblies from its users, who could not compile against such a member.</summary>
    [Test]
    public void Surface_OfTheLibrary_NamesNoTypeOfAnotherAssembly()
    {
        Assert.That(Surface(), Is.Not.Empty);
        Assert.That(Surface().Where(line => Other().IsMatch(line)), Is.Empty);
    }

    [Test]
    public void Library_Statics_HoldNoState()
    {
        IEnumerable<FieldInfo> fields = typeof(GenerativeMap).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => field is { IsInitOnly: false, IsLiteral: false })
            .Where(field => !field.Name.Contains('<', StringComparison.Ordinal));

        Assert.That(fields, Is.Empty);
    }

    [GeneratedRegex(@"\b(Model|Engine|Backends|Kernels|Formats)\.")]
    private static partial Regex Other();

    private static IEnumerable<string> Surface() =>
        from type in typeof(GenerativeMap).Assembly.GetExportedTypes()
        from member in type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where !IsGenerated(member)
        let line = $"{type.Name}: {member.ToString()!.Replace("GenSomAttn.", "", StringComparison.Ordinal)}"
        orderby line
        select line;

    /// <summary>Returns whether the compiler makes it for every record, or it is a part of a property.</summary>
    private static bool IsGenerated(MemberInfo member) =>
        member is MethodInfo { IsSpecialName: true }
        || (member is ConstructorInfo && member.DeclaringType is { IsValueType: true } type && type.GetConstructors().Length == 0)
        || member.Name is "<Clone>$" or "Equals" or "GetHashCode" or "Deconstruct" or "PrintMembers" or "ToString";
}

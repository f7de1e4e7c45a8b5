using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace GenSomAttn.Model.Data;

/// <summary>A picture of an image folder.</summary>
/// <param name="Path">The file.</param>
/// <param name="Name">Folders and file name in composed form, separated by slashes; without the folder of the split.</param>
/// <param name="Label">The class; 0 without labels.</param>
internal sealed record PictureEntry(string Path, string Name, int Label)
{
    /// <summary>Without a test share, one labeled picture in this many is a test picture.</summary>
    public const int TestEvery = 7;

    private const int MantissaBits = 53;

    /// <summary>The first eight bytes of SHA-256 of the name in UTF-8.</summary>
    public ulong Key { get; } = BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(Name)));

    /// <summary>Returns whether the hash of the name makes it a test picture.</summary>
    /// <param name="share">Share of test pictures; null for one in <see cref="TestEvery"/>.</param>
    public bool IsTest(double? share) => share is { } given
        ? (Key >> (64 - MantissaBits)) * Math.ScaleB(1, -MantissaBits) < given
        : Key % TestEvery == 0;

    /// <summary>Returns whether a name holds bytes that are no UTF-8, which .NET replaces, so that it cannot open the file.</summary>
    public static bool IsUnreadableName(string name) => name.Contains('\uFFFD', StringComparison.Ordinal);
}

using System.IO.Enumeration;

namespace GenSomAttn.Model.Files;

/// <summary>What lies in a folder.</summary>
internal static class FolderFiles
{
    /// <summary>
    /// The files of a folder and of those within it, but not of those that a link leads to: it may lead out of the folder, or in a circle.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="extension">How their names end.</param>
    /// <exception cref="IOException">A folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder cannot be read.</exception>
    public static IEnumerable<string> Find(string folder, string extension = "") =>
        new FileSystemEnumerable<string>(
            folder,
            (ref entry) => entry.ToSpecifiedFullPath(),
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false })
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory && entry.FileName.EndsWith(extension, StringComparison.Ordinal),
            ShouldRecursePredicate = (ref entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0,
        };
}

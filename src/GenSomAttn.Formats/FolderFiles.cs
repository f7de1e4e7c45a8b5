using System.IO.Enumeration;

namespace GenSomAttn.Formats;

/// <summary>Recursive file listing.</summary>
public static class FolderFiles
{
    /// <summary>
    /// Enumerates the files of a folder and its subfolders. Links to folders are not followed: they may lead out of the folder, or form a
    /// cycle.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="extension">Suffix of their names.</param>
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

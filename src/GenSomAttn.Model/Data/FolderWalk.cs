using System.IO.Enumeration;
using GenSomAttn.Formats;

namespace GenSomAttn.Model.Data;

/// <summary>A picture that was found in a folder.</summary>
/// <param name="Path">The file.</param>
/// <param name="Parts">Folders below the data folder, then the file's name, in composed form.</param>
internal sealed record FoundPicture(string Path, IReadOnlyList<string> Parts);

/// <summary>
/// Walk through a folder and all folders below it that finds the pictures, in the order of their paths. A file is a picture by its
/// extension or by its first bytes. Hidden files, files of operating systems and files of other kinds are passed over and counted.
/// </summary>
internal sealed class FolderWalk
{
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".gif", ".webp",
        ".tif", ".tiff", ".heic", ".heif", ".avif", ".jxl", ".jp2", ".psd",
    };

    private static readonly HashSet<string> SystemNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "__MACOSX", "Thumbs.db", "ehthumbs.db", "desktop.ini", "$RECYCLE.BIN", "System Volume Information", "@eaDir", "lost+found",
    };

    private readonly bool _followLinks;
    private readonly List<string> _links = [];
    private readonly HashSet<string> _above = new(StringComparer.Ordinal);

    /// <summary>Creates a walk.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="followLinks">Whether symbolic links are followed.</param>
    public FolderWalk(string folder, bool followLinks)
    {
        _followLinks = followLinks;
        Pictures = Visit(new DirectoryInfo(folder), []);
    }

    /// <summary>The pictures; they are found while they are enumerated, once.</summary>
    /// <exception cref="IOException">A folder cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder cannot be listed.</exception>
    public IEnumerable<FoundPicture> Pictures { get; }

    /// <summary>Symbolic links that were not followed until now.</summary>
    public IReadOnlyList<string> Links => _links;

    /// <summary>Number of files and folders that were passed over until now.</summary>
    public int PassedOver { get; private set; }

    /// <summary>Tells what walks left out, one sentence each.</summary>
    /// <param name="passedOver">Number of files and folders that were passed over.</param>
    /// <param name="links">Symbolic links that were not followed.</param>
    /// <param name="canFollow">Whether the verb has the option --follow-links.</param>
    public static IEnumerable<string> Notes(int passedOver, IReadOnlyList<string> links, bool canFollow)
    {
        if (passedOver > 0)
        {
            yield return $"{passedOver} files and folders are no pictures or hidden, and are passed over";
        }

        if (links.Count > 0)
        {
            yield return $"{links.Count} symbolic links are not followed, such as {links[0]}"
                + (canFollow ? ": --follow-links follows them" : "");
        }
    }

    private IEnumerable<FoundPicture> Visit(DirectoryInfo folder, string[] parts)
    {
        // A link that leads to a folder above it would never end.
        string target = (folder.ResolveLinkTarget(returnFinalTarget: true) ?? folder).FullName;
        if (!_above.Add(target))
        {
            PassedOver++;
            yield break;
        }

        foreach (string name in NamesIn(folder.FullName))
        {
            bool isFolder = name.EndsWith('/');
            string path = Path.Join(folder.FullName, name.TrimEnd('/'));
            FileSystemInfo found = isFolder ? new DirectoryInfo(path) : new FileInfo(path);
            foreach (FoundPicture picture in Take(found) ? InOrBelow(found, [.. parts, ComposedName.Of(found.Name)]) : [])
            {
                yield return picture;
            }
        }

        _above.Remove(target);
    }

    /// <summary>
    /// Returns the names in a folder, those of folders with a slash: in this order the paths of all pictures below are ordered, too. A
    /// folder may have a million files.
    /// </summary>
    private static IEnumerable<string> NamesIn(string folder)
    {
        var options = new EnumerationOptions { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };
        PathList names = new();
        foreach (string name in new FileSystemEnumerable<string>(
            folder, (ref FileSystemEntry entry) => entry.IsDirectory ? $"{entry.FileName}/" : entry.FileName.ToString(), options))
        {
            names.Add(name);
        }

        return names.Sorted();
    }

    /// <summary>Returns whether to look at a file or folder; counts those that are left out.</summary>
    /// <exception cref="IOException">The name of a folder cannot be read.</exception>
    private bool Take(FileSystemInfo found)
    {
        if (found.Name.StartsWith('.') || SystemNames.Contains(found.Name))
        {
            PassedOver++;
            return false;
        }

        if (found is DirectoryInfo && PictureEntry.IsUnreadableName(found.Name) && !Directory.Exists(found.FullName))
        {
            throw new IOException($"the name of {found.FullName} is not valid UTF-8: rename the folder.");
        }

        if (found.LinkTarget is not null && !_followLinks)
        {
            _links.Add(found.FullName);
            return false;
        }

        return true;
    }

    private IEnumerable<FoundPicture> InOrBelow(FileSystemInfo found, string[] parts)
    {
        if (found is DirectoryInfo folder)
        {
            return Visit(folder, parts);
        }

        if (Extensions.Contains(found.Extension) || StartsAsPicture((FileInfo)found))
        {
            return [new FoundPicture(found.FullName, parts)];
        }

        PassedOver++;
        return [];
    }

    /// <summary>Returns whether the first bytes are those of a picture; pipes and devices, whose length is 0, are not opened.</summary>
    private static bool StartsAsPicture(FileInfo file)
    {
        if (!file.Exists || file.Length == 0)
        {
            return false;
        }

        Span<byte> start = stackalloc byte[PictureFile.SignatureBytes];
        using FileStream stream = new(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        return PictureFile.IsPicture(start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)]);
    }
}

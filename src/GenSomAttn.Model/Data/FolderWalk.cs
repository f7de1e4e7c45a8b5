using GenSomAttn.Formats;

namespace GenSomAttn.Model.Data;

/// <summary>A picture that was found in a folder.</summary>
/// <param name="Path">The file.</param>
/// <param name="Parts">Folders below the data folder, then the file's name, in composed form.</param>
internal sealed record FoundPicture(string Path, IReadOnlyList<string> Parts);

/// <summary>
/// Walk through a folder and all folders below it that finds the pictures. A file is a picture by its extension or by its first bytes.
/// Hidden files, files of operating systems and files of other kinds are passed over and counted.
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
    private readonly List<FoundPicture> _pictures = [];
    private readonly List<string> _links = [];
    private readonly HashSet<string> _above = new(StringComparer.Ordinal);

    private FolderWalk(bool followLinks) => _followLinks = followLinks;

    /// <summary>The pictures, in no particular order.</summary>
    public IReadOnlyList<FoundPicture> Pictures => _pictures;

    /// <summary>Symbolic links that were not followed.</summary>
    public IReadOnlyList<string> Links => _links;

    /// <summary>Number of files and folders that were passed over.</summary>
    public int PassedOver { get; private set; }

    /// <summary>Walks through a folder.</summary>
    /// <exception cref="IOException">A folder cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder cannot be listed.</exception>
    public static FolderWalk Of(string folder, bool followLinks)
    {
        FolderWalk walk = new(followLinks);
        walk.Visit(new DirectoryInfo(folder), []);
        return walk;
    }

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

    private void Visit(DirectoryInfo folder, string[] parts)
    {
        // A link that leads to a folder above it would never end.
        string target = (folder.ResolveLinkTarget(returnFinalTarget: true) ?? folder).FullName;
        if (!_above.Add(target))
        {
            PassedOver++;
            return;
        }

        var options = new EnumerationOptions { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };
        foreach (FileSystemInfo found in folder.EnumerateFileSystemInfos("*", options))
        {
            if (found.Name.StartsWith('.') || SystemNames.Contains(found.Name))
            {
                PassedOver++;
            }
            else if (found is DirectoryInfo && PictureEntry.IsUnreadableName(found.Name) && !Directory.Exists(found.FullName))
            {
                throw new IOException($"the name of {found.FullName} is not valid UTF-8: rename the folder.");
            }
            else if (found.LinkTarget is not null && !_followLinks)
            {
                _links.Add(found.FullName);
            }
            else
            {
                Add(found, [.. parts, ComposedName.Of(found.Name)]);
            }
        }

        _above.Remove(target);
    }

    private void Add(FileSystemInfo found, string[] parts)
    {
        if (found is DirectoryInfo folder)
        {
            Visit(folder, parts);
        }
        else if (Extensions.Contains(found.Extension) || StartsAsPicture((FileInfo)found))
        {
            _pictures.Add(new FoundPicture(found.FullName, parts));
        }
        else
        {
            PassedOver++;
        }
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

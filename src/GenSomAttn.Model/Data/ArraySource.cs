using GenSomAttn.Formats;

namespace GenSomAttn.Model.Data;

/// <summary>The arrays of a data set in IDX or NumPy files: images, and labels unless there are none.</summary>
internal abstract class ArraySource : IDisposable
{
    /// <summary>The folder in which labels.txt may be.</summary>
    public abstract string Folder { get; }

    /// <summary>Whether rows and columns of the images are known to be exchanged.</summary>
    public virtual bool IsTransposed => false;

    /// <summary>What the user should know about the files, one sentence each.</summary>
    public virtual IEnumerable<string> Notes => [];

    /// <summary>Returns whether a part is there.</summary>
    public abstract bool Has(SetPart part);

    /// <summary>Reads a part that is there.</summary>
    /// <param name="part">The part.</param>
    /// <param name="limit">Maximum number of items to keep.</param>
    /// <exception cref="DataException">It is damaged or of another kind.</exception>
    public abstract ArrayContent Read(SetPart part, int limit);

    /// <summary>Returns the names of the images of a part; null if they are not known.</summary>
    /// <param name="part">The part.</param>
    /// <param name="count">Number of images.</param>
    /// <exception cref="DataException">They cannot be read, or their number is another one.</exception>
    public virtual IReadOnlyList<string>? ReadNames(SetPart part, int count) => null;

    /// <summary>Creates the error about a part that is needed and not there.</summary>
    public abstract DataException Missing(SetPart part);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>Finds the arrays that a path names.</summary>
    /// <param name="path">A folder, a file, or a folder and the prefix of the names of IDX files in it.</param>
    /// <returns>The arrays; null for a folder without such files.</returns>
    /// <exception cref="DataException">The path names nothing, something else, or several sets.</exception>
    public static ArraySource? Find(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                return IdxFiles.InFolder(path) is { } found ? new IdxSource(found, isBelow: found.Folder != path) : null;
            }

            if (IdxFiles.OfFileOrPrefix(path) is { } named)
            {
                return new IdxSource(named, isBelow: false);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"Cannot list {path}: {exception.Message}", exception);
        }

        if (!File.Exists(path))
        {
            throw new DataException(
                $"There is no data folder or file {path}: name with --data {Dataset.Kinds}.{DataFolders.SourceOf(path)}");
        }

        return Path.GetExtension(path) switch
        {
            ".npz" => new NpzSource(path),
            ".npy" => new NpySource(path),
            _ => throw new DataException($"{path} is a file that is no data set: name with --data {Dataset.Kinds}."),
        };
    }

    /// <summary>Returns what a part holds.</summary>
    protected static ArrayKind KindOf(SetPart part) =>
        part is SetPart.TrainImages or SetPart.TestImages ? ArrayKind.Images : ArrayKind.Labels;
}

/// <summary>IDX files, checked against SHA256SUMS if their folder has it.</summary>
internal sealed class IdxSource(IdxFiles files, bool isBelow) : ArraySource
{
    private const string TransposedPrefix = "emnist-";

    private readonly IReadOnlyDictionary<string, byte[]>? _hashes = FolderTexts.ReadHashes(files.Folder);

    /// <inheritdoc/>
    public override string Folder => files.Folder;

    /// <inheritdoc/>
    public override bool IsTransposed => $"{files.Prefix}-".StartsWith(TransposedPrefix, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override IEnumerable<string> Notes
    {
        get
        {
            if (isBelow)
            {
                yield return $"the data set is the one in {files.Folder}";
            }

            if (IsTransposed)
            {
                yield return "EMNIST's files hold the images with rows and columns exchanged, which is undone: rename files that do not";
            }
        }
    }

    /// <inheritdoc/>
    public override bool Has(SetPart part) => files[part] is not null;

    /// <inheritdoc/>
    public override ArrayContent Read(SetPart part, int limit)
    {
        string path = files[part]!;
        ArrayContent content = IdxReader.Read(path, KindOf(part), limit);
        if (_hashes is null)
        {
            return content;
        }

        string name = Path.GetFileName(path);
        name = name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name;
        if (!_hashes.TryGetValue(name, out byte[]? expected))
        {
            throw new DataException($"SHA256SUMS in {Folder} has no line for {name}: complete or remove it.");
        }

        return content.Sha256.AsSpan().SequenceEqual(expected)
            ? content
            : throw new DataException($"Cannot use {content.Path}: its content has SHA-256 {Convert.ToHexStringLower(content.Sha256)}, but "
                + $"SHA256SUMS in its folder says {Convert.ToHexStringLower(expected)}.");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string>? ReadNames(SetPart part, int count) => FolderTexts.ReadImageNames(
        Folder, part == SetPart.TrainImages ? FolderTexts.TrainNames : FolderTexts.TestNames, count);

    /// <inheritdoc/>
    public override DataException Missing(SetPart part) =>
        new($"The data folder {Folder} has neither {files.UsualName(part)}.gz nor {files.UsualName(part)}.");
}

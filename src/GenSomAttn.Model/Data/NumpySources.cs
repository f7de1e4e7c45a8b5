using GenSomAttn.Formats;

namespace GenSomAttn.Model.Data;

/// <summary>Arrays of an .npz archive, by the names that Keras, MedMNIST and numpy.savez give them.</summary>
internal sealed class NpzSource : ArraySource
{
    // In the order of SetPart. MedMNIST's validation set stands in for a missing test set only.
    private static readonly string?[][] KnownNames =
    [
        ["x_train", "y_train", "x_test", "y_test"],
        ["train_images", "train_labels", "test_images", "test_labels"],
        ["train_images", "train_labels", "val_images", "val_labels"],
        ["images", "labels", null, null],
        ["arr_0", "arr_1", null, null],
    ];

    private readonly string _path;
    private readonly NpzFile _file;
    private readonly string?[] _names;

    /// <summary>Opens an archive.</summary>
    /// <exception cref="DataException">It cannot be read or has no array of images by these names.</exception>
    public NpzSource(string path)
    {
        _path = path;
        _file = NpzFile.Open(path);
        string?[][] fitting = [.. KnownNames.Where(names => _file.Names.Contains(names[0]))];
        if (fitting.Length == 0)
        {
            _file.Dispose();
            string known = string.Join(", ", KnownNames.Select(names => names[0]).Distinct());
            throw new DataException($"Cannot use {path}: it has no array of the name {known}. "
                + "Save the images under one of these names.");
        }

        _names = fitting.FirstOrDefault(names => names[2] is { } test && _file.Names.Contains(test), fitting[0]);
    }

    /// <inheritdoc/>
    public override string Folder => Path.GetDirectoryName(Path.GetFullPath(_path))!;

    /// <inheritdoc/>
    public override IEnumerable<string> Notes
    {
        get
        {
            string[] others = [.. _file.Names.Except(_names.OfType<string>(), StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            return others.Length == 0 ? [] : [$"other arrays are not used: {string.Join(", ", others)}"];
        }
    }

    /// <inheritdoc/>
    public override bool Has(SetPart part) => _names[(int)part] is { } name && _file.Names.Contains(name);

    /// <inheritdoc/>
    public override ArrayContent Read(SetPart part, int limit) => _file.Read(_names[(int)part]!, KindOf(part));

    /// <inheritdoc/>
    public override DataException Missing(SetPart part) =>
        new($"Cannot use {_path}: it has no array {_names[(int)part]}, but the other arrays of its kind.");

    /// <inheritdoc/>
    public override void Dispose()
    {
        _file.Dispose();
        base.Dispose();
    }
}

/// <summary>An .npy file of images, with its labels in a file beside it: NAME_labels.npy, or labels.npy.</summary>
internal sealed class NpySource : ArraySource
{
    private readonly string _images;
    private readonly string? _labels;

    /// <summary>Looks for the labels.</summary>
    public NpySource(string path)
    {
        _images = path;
        string[] names = [$"{Path.GetFileNameWithoutExtension(path)}_labels.npy", "labels.npy"];
        _labels = names.Select(name => Path.Combine(Folder, name)).FirstOrDefault(File.Exists);
    }

    /// <inheritdoc/>
    public override string Folder => Path.GetDirectoryName(Path.GetFullPath(_images))!;

    /// <inheritdoc/>
    public override bool Has(SetPart part) => part == SetPart.TrainImages || (part == SetPart.TrainLabels && _labels is not null);

    /// <inheritdoc/>
    public override ArrayContent Read(SetPart part, int limit) =>
        NpyReader.Read(part == SetPart.TrainImages ? _images : _labels!, KindOf(part));

    /// <inheritdoc/>
    public override DataException Missing(SetPart part) => new($"There are no {part} beside {_images}.");
}

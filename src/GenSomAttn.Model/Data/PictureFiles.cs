using GenSomAttn.Formats;

namespace GenSomAttn.Model.Data;

/// <summary>
/// Picture files without labels, read as images in batches: of all pictures only the paths are in memory, as UTF-8 below their folders, and
/// the images of one batch.
/// </summary>
public sealed class PictureFiles
{
    private readonly List<(string Folder, PathList Below)> _sources = [];
    private readonly List<string> _links = [];
    private readonly BrokenPictures _broken = new();
    private readonly DataOptions _options;
    private readonly PictureReader _reader;
    private int _passedOver;

    /// <summary>Lists the pictures: those of a folder and of all folders below it are ordered by their paths.</summary>
    /// <param name="paths">Files and folders.</param>
    /// <param name="options">Shape of the images with their channels, and handling of broken files; the limit does not apply.</param>
    /// <exception cref="DataException">A path does not exist, or a folder cannot be listed or holds no picture.</exception>
    public PictureFiles(IEnumerable<string> paths, DataOptions options)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _reader = new PictureReader(options, PictureReader.MaxTime);
        foreach (string path in paths)
        {
            if (Directory.Exists(path))
            {
                AddFolder(path);
            }
            else if (File.Exists(path))
            {
                AddFile(path);
            }
            else
            {
                throw new DataException($"There is no file or folder {path}: give pictures, or folders of pictures.");
            }
        }
    }

    /// <summary>Number of pictures.</summary>
    public int Count => _sources.Sum(source => source.Below.Count);

    /// <summary>Number of pictures that were read until now, cannot be used and are left out.</summary>
    public int Skipped => _broken.Count;

    /// <summary>Notes on the pictures that were listed and read until now, one sentence each.</summary>
    public IEnumerable<string> Notes() => [.. FolderWalk.Notes(_passedOver, _links, canFollow: false), .. _broken.Notes(Count)];

    /// <summary>Reads the pictures batch by batch; the name of an image is the path of its file.</summary>
    /// <param name="batch">Maximum number of images of a set.</param>
    /// <exception cref="DataException">A picture cannot be read, and the options do not leave it out.</exception>
    public IEnumerable<ImageSet> Read(int batch)
    {
        // As they were given, for example photos/a.png of the folder photos.
        IEnumerable<string> all = _sources.SelectMany(source => source.Below.Select(path => Path.Join(source.Folder, path)));
        foreach (string[] paths in all.Chunk(batch))
        {
            ImageBuffer images = new(paths.Length, _reader.Shape);
            foreach ((string path, PictureImage image) in _reader.ReadAll(paths, path => path))
            {
                if (image.Pixels is not null)
                {
                    images.Add(image.Pixels, label: 0, path);
                }
                else if (_options.SkipBroken)
                {
                    _broken.Add(path, image.Fault);
                }
                else
                {
                    throw _reader.Refuse(path, image);
                }
            }

            if (images.Count > 0)
            {
                yield return images.ToSet();
            }
        }
    }

    /// <summary>Adds a file to those before it: a list takes 64 KB.</summary>
    private void AddFile(string path)
    {
        if (_sources is not [.., ("", _)])
        {
            _sources.Add(("", new PathList()));
        }

        _sources[^1].Below.Add(path);
    }

    private void AddFolder(string folder)
    {
        try
        {
            FolderWalk walk = new(folder, _options.Pictures.FollowLinks);
            string full = Path.GetFullPath(folder);
            PathList below = new();
            foreach (FoundPicture picture in walk.Pictures)
            {
                below.Add(Path.GetRelativePath(full, picture.Path));
            }

            if (below.Count == 0)
            {
                throw new DataException($"There are no pictures ({PictureFile.Formats}) in {folder}, which holds {walk.PassedOver} other "
                    + $"files and {walk.Links.Count} symbolic links.");
            }

            _sources.Add((folder, below));
            _passedOver += walk.PassedOver;
            _links.AddRange(walk.Links);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"Cannot list the pictures in {folder}: {exception.Message}", exception);
        }
    }
}

using GenSomAttn.Formats;

namespace GenSomAttn.Model.Data;

/// <summary>
/// List of the pictures of a folder, before they are read: their classes, if a folder for each class holds them, and their split into
/// training and test pictures.
/// </summary>
internal sealed class PictureListing
{
    private static readonly string[] TrainNames = ["train", "training"];
    private static readonly string[] TestNames = ["test", "testing"];
    private static readonly string[] ValidationNames = ["val", "valid", "validation"];

    private readonly string _folder;
    private readonly PictureReading _reading;
    private readonly List<string> _notes = [];

    private PictureListing(string folder, PictureReading reading)
    {
        _folder = folder;
        _reading = reading;
    }

    /// <summary>Names of the classes in ordinal order; a label is an index into it. Empty for pictures without labels.</summary>
    public string[] ClassNames { get; private set; } = [];

    /// <summary>The training pictures, ordered by a hash of their names: shuffled, and the same on every machine.</summary>
    public IReadOnlyList<PictureEntry> Train { get; private set; } = [];

    /// <summary>The test pictures, in the same order.</summary>
    public IReadOnlyList<PictureEntry> Test { get; private set; } = [];

    /// <summary>Whether no folder holds the test pictures, so that the hash splits the pictures.</summary>
    public bool IsSplitByHash { get; private set; }

    /// <summary>Whether a set without test pictures is a fault: it has labels, and its test pictures were not given up.</summary>
    public bool NeedsTestSet => ClassNames.Length > 0 && !(IsSplitByHash && _reading.TestShare is not null);

    /// <summary>What the user should know about the folder, one sentence each.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Lists a folder.</summary>
    /// <exception cref="DataException">It holds no pictures, too many classes, or cannot be listed.</exception>
    public static PictureListing Of(string folder, PictureReading reading)
    {
        PictureListing listing = new(folder, reading);
        try
        {
            FolderWalk walk = new(folder, reading.FollowLinks);
            FoundPicture[] found = [.. walk.Pictures];
            if (found.Length == 0)
            {
                throw new DataException(walk.Links.Count > 0
                    ? $"There are no pictures in {folder} but {walk.Links.Count} symbolic links, such as {walk.Links[0]}: follow them with "
                        + "--follow-links."
                    : $"There are no images in {folder}, which holds {walk.PassedOver} other files: a data folder holds pictures "
                        + $"({PictureFile.Formats}), in a folder for each class or not, or {Dataset.FileNames}, each as it is or as .gz.");
            }

            listing.Split(found);
            listing.NoteWhatIsLeftOut(walk);
            return listing;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"Cannot list the pictures in {folder}: {exception.Message}", exception);
        }
    }

    private void Split(FoundPicture[] found)
    {
        ILookup<string, FoundPicture> byFolder = found.ToLookup(
            picture => picture.Parts.Count > 1 ? picture.Parts[0].ToLowerInvariant() : "", StringComparer.Ordinal);
        FoundPicture[] InFolders(string[] names) => [.. names.SelectMany(name => byFolder[name]).Select(WithoutFirstFolder)];
        (FoundPicture[] train, FoundPicture[] test, FoundPicture[] validation) =
            (InFolders(TrainNames), InFolders(TestNames), InFolders(ValidationNames));
        if (train.Length == 0)
        {
            if (test.Length > 0)
            {
                throw new DataException($"The image folder {_folder} has pictures in a folder test and none in a folder train: make the "
                    + "other, or rename it.");
            }

            SplitByHash(found);
            return;
        }

        int used = train.Length + test.Length + validation.Length;
        if (used < found.Length)
        {
            _notes.Add($"{found.Length - used} pictures beside the folders train and test are not used");
        }

        if (test.Length == 0)
        {
            (test, validation) = (validation, []);
        }

        if (validation.Length > 0)
        {
            _notes.Add($"the {validation.Length} pictures of the validation set are not used: train and test are");
        }

        if (test.Length == 0)
        {
            SplitByHash(train);
            return;
        }

        Train = InOrder(Label(train));
        Test = InOrder(LabelByTraining(test));
    }

    private void SplitByHash(FoundPicture[] found)
    {
        IsSplitByHash = true;
        List<PictureEntry> all = Label(found);
        double? share = _reading.TestShare ?? (ClassNames.Length == 0 ? PictureReading.UnlabeledTestShare : null);
        Train = InOrder(all.Where(entry => !entry.IsTest(share)));
        Test = InOrder(all.Where(entry => entry.IsTest(share)));
    }

    /// <summary>
    /// Makes the first folders the classes if each of them holds a picture itself and most pictures lie in them; otherwise the pictures
    /// have no labels.
    /// </summary>
    private List<PictureEntry> Label(FoundPicture[] found)
    {
        ILookup<string, FoundPicture> folders = found.Where(IsInFolder).ToLookup(picture => picture.Parts[0], StringComparer.Ordinal);
        int beside = found.Count(picture => !IsInFolder(picture));
        bool areClasses = beside < found.Length - beside && folders.All(folder => folder.Any(picture => picture.Parts.Count == 2));
        if (!areClasses)
        {
            return [.. found.Select(picture => EntryOf(picture, 0))];
        }

        ClassNames = [.. folders.Select(folder => folder.Key).Order(StringComparer.Ordinal)];
        if (ClassNames.Length > Dataset.MaxClasses)
        {
            throw new DataException(
                $"The image folder {_folder} has {ClassNames.Length} classes; {Dataset.MaxClasses} at most are possible.");
        }

        if (beside > 0)
        {
            string first = found.First(picture => !IsInFolder(picture)).Parts[0];
            _notes.Add($"{beside} pictures beside the class folders are not used, such as {first}: put each into the folder of its class");
        }

        return [.. ClassNames.SelectMany((name, label) => folders[name].Select(picture => EntryOf(picture, label)))];
    }

    private List<PictureEntry> LabelByTraining(FoundPicture[] test)
    {
        if (ClassNames.Length == 0)
        {
            return [.. test.Select(picture => EntryOf(picture, 0))];
        }

        Dictionary<string, int> labels = new(ClassNames.Select((name, label) => KeyValuePair.Create(name, label)), StringComparer.Ordinal);
        List<PictureEntry> entries = [];
        foreach (FoundPicture picture in test.Where(IsInFolder))
        {
            entries.Add(labels.TryGetValue(picture.Parts[0], out int label)
                ? EntryOf(picture, label)
                : throw new DataException(
                    $"The class of {picture.Path} has no folder of that name among the training pictures in {_folder}."));
        }

        if (entries.Count < test.Length)
        {
            _notes.Add($"{test.Length - entries.Count} test pictures beside the class folders are not used");
        }

        return entries;
    }

    private void NoteWhatIsLeftOut(FolderWalk walk)
    {
        if (ClassNames.Length == 0)
        {
            _notes.Add("the pictures have no labels, since they do not lie in a folder for each class: scores and pictures of classes are "
                + "left out");
        }

        _notes.AddRange(FolderWalk.Notes(walk.PassedOver, walk.Links, canFollow: true));
    }

    private static bool IsInFolder(FoundPicture picture) => picture.Parts.Count > 1;

    private static FoundPicture WithoutFirstFolder(FoundPicture picture) => picture with { Parts = [.. picture.Parts.Skip(1)] };

    private static PictureEntry EntryOf(FoundPicture picture, int label) => new(picture.Path, string.Join('/', picture.Parts), label);

    private static PictureEntry[] InOrder(IEnumerable<PictureEntry> entries) =>
        [.. entries.OrderBy(entry => entry.Key).ThenBy(entry => entry.Name, StringComparer.Ordinal)];
}

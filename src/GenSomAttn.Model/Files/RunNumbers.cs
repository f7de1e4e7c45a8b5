using System.Globalization;
using System.Text;

namespace GenSomAttn.Model.Files;

/// <summary>Gives each run of a folder a number of its own, also to processes that begin at the same time.</summary>
internal static class RunNumbers
{
    /// <summary>Holds the highest number ever given: the folder that had it may be deleted since.</summary>
    private const string LastName = ".last-number";

    private const int UnixFileExists = 17;
    private const int WindowsFileExists = 80;
    private static readonly Lock Recording = new();

    /// <summary>Makes the folder "number + suffix" with the number after the largest that there is or was.</summary>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be made.</exception>
    /// <exception cref="RunException">The number cannot be kept.</exception>
    public static string CreateNext(string folder, string suffix)
    {
        int largest = Math.Max(Largest(folder), LastGiven(folder));
        for (int number = largest; number < int.MaxValue;)
        {
            number++;
            string digits = number.ToString("D4", CultureInfo.InvariantCulture);
            string claim = Path.Combine(folder, $".{digits}.claim");

            // Making a file fails if it is there, making a folder does not; and two runs of one number may differ in their suffix.
            // Whoever holds the claim looks once more, for one who had it before.
            using FileStream? held = TryClaim(claim);
            if ((held is null) || (Find(folder, number) is not null))
            {
                continue;
            }

            string path = Path.Combine(folder, digits + suffix);
            Directory.CreateDirectory(path);
            Record(folder, path);
            return path;
        }

        throw new IOException(Find(folder, largest) is { } last
            ? $"there is no number after that of {last}. Rename that folder."
            : $"there is no number after {largest}, which {Path.Combine(folder, LastName)} names. Delete that file.");
    }

    /// <summary>The folder of a run, or null.</summary>
    public static string? Find(string folder, int number) =>
        Directory.Exists(folder)
            ? Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).FirstOrDefault(path => NumberOf(path) == number)
            : null;

    /// <summary>The number by which <see cref="Find"/> finds a run in a folder; null if it lies elsewhere, or its number is another's.</summary>
    public static int? NumberIn(string folder, string run)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(run));
        return NumberOf(path) is { } number && Find(Path.GetFullPath(folder), number) == path ? number : null;
    }

    /// <summary>A sentence about which runs a folder has.</summary>
    public static string Describe(string folder)
    {
        const int MaxNamed = 10;
        string[] names = !Directory.Exists(folder) ? [] :
        [
            .. Directory.EnumerateDirectories(folder).Where(path => NumberOf(path) is not null)
                .Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal),
        ];
        string earlier = names.Length > MaxNamed ? $"{names.Length - MaxNamed} earlier ones, " : "";
        return names.Length > 0
            ? $"There are: {earlier}{string.Join(", ", names.TakeLast(MaxNamed))}."
            : $"The folder {Path.GetFullPath(folder)} has no runs: train one, or go to the folder where '{folder}' lies.";
    }

    /// <summary>The largest number of a folder that is there, 0 if none is.</summary>
    private static int Largest(string folder) =>
        Directory.EnumerateDirectories(folder).Select(NumberOf).OfType<int>().DefaultIfEmpty(0).Max();

    /// <summary>The highest number that was given, as far as its file tells: 0 if it is missing or holds something else.</summary>
    private static int LastGiven(string folder)
    {
        string path = Path.Combine(folder, LastName);
        return File.Exists(path)
            && int.TryParse(File.ReadAllText(path).TrimEnd('\n'), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : 0;
    }

    /// <summary>
    /// Keeps the number of a new folder. Another process may write a smaller one of its own at the same time; it too looks at all folders
    /// afterwards, so that whoever is last leaves the largest.
    /// </summary>
    private static void Record(string folder, string path)
    {
        try
        {
            lock (Recording)
            {
                int largest;
                while ((largest = Math.Max(Largest(folder), NumberOf(path)!.Value)) > LastGiven(folder))
                {
                    byte[] line = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{largest}\n"));
                    AtomicFiles.OnDisk.Write(Path.Combine(folder, LastName), line);
                }
            }
        }
        catch
        {
            Directory.Delete(path);
            throw;
        }
    }

    private static int? NumberOf(string path)
    {
        string digits = Path.GetFileName(path).Split('-')[0];
        return (digits.Length >= 4) && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : null;
    }

    /// <summary>Makes the claim file, which vanishes when disposed; null if it is there already.</summary>
    private static FileStream? TryClaim(string path)
    {
        try
        {
            return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException exception) when ((exception.HResult & 0xFFFF) is UnixFileExists or WindowsFileExists)
        {
            return null;
        }
    }
}

using System.Globalization;
using System.Text;
using GenSomAttn.Formats;

namespace GenSomAttn.Model.Runs;

/// <summary>Allocator of unique run numbers in a folder, without races between concurrent processes.</summary>
internal static class RunNumbers
{
    /// <summary>Name of the file with the highest number ever allocated, since its folder may have been deleted.</summary>
    private const string LastName = ".last-number";

    private const int UnixFileExists = 17;
    private const int WindowsFileExists = 80;
    private static readonly Lock Recording = new();

    /// <summary>Creates the folder "number + suffix" with the number after the largest that exists or existed.</summary>
    /// <exception cref="IOException">The folder cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be created.</exception>
    /// <exception cref="FileException">The number cannot be recorded.</exception>
    public static string CreateNext(string folder, string suffix)
    {
        int largest = Math.Max(Largest(folder), LastGiven(folder));
        for (int number = largest; number < int.MaxValue;)
        {
            number++;
            string digits = number.ToString("D4", CultureInfo.InvariantCulture);
            string claim = Path.Combine(folder, $".{digits}.claim");

            // Creating a file fails if it exists, creating a folder does not; and two runs of one number may differ in their suffix.
            // The holder of the claim checks again, since an earlier holder may have created the run.
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

    /// <summary>Finds the folder of a run; returns null if there is none.</summary>
    public static string? Find(string folder, int number) =>
        Directory.Exists(folder)
            ? Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).FirstOrDefault(path => NumberOf(path) == number)
            : null;

    /// <summary>
    /// Returns the number with which <see cref="Find"/> finds a run in a folder; null if it is elsewhere, or another run has its number.
    /// </summary>
    public static int? NumberIn(string folder, string run)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(run));
        return NumberOf(path) is { } number && Find(Path.GetFullPath(folder), number) == path ? number : null;
    }

    /// <summary>Lists the folders with a number, in the order of the numbers; none if the folder does not exist.</summary>
    public static IReadOnlyList<string> All(string folder) => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateDirectories(folder).Where(path => NumberOf(path) is not null)
            .OrderBy(NumberOf).ThenBy(path => path, StringComparer.Ordinal),
    ];

    /// <summary>Returns a sentence that lists the runs of a folder.</summary>
    public static string Describe(string folder)
    {
        const int MaxNamed = 10;
        string[] names = [.. All(folder).Select(path => Path.GetFileName(path))];
        string earlier = names.Length > MaxNamed ? $"{names.Length - MaxNamed} earlier ones, " : "";
        return names.Length > 0
            ? $"There are: {earlier}{string.Join(", ", names.TakeLast(MaxNamed))}."
            : $"The folder {Path.GetFullPath(folder)} has no runs: train one, or go to the folder where '{folder}' lies.";
    }

    /// <summary>Returns the largest number of the existing runs; 0 if there are none.</summary>
    private static int Largest(string folder) =>
        Directory.EnumerateDirectories(folder).Select(NumberOf).OfType<int>().DefaultIfEmpty(0).Max();

    /// <summary>Reads the highest allocated number from its file; 0 if the file is missing or invalid.</summary>
    private static int LastGiven(string folder)
    {
        string path = Path.Combine(folder, LastName);
        return File.Exists(path)
            && int.TryParse(File.ReadAllText(path).TrimEnd('\n'), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : 0;
    }

    /// <summary>
    /// Records the number of a new folder. A concurrent process may overwrite it with its own smaller number; every process then checks all
    /// folders again, so that the last writer records the largest.
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

    /// <summary>Returns the number in the name of a run's folder; null if there is none.</summary>
    public static int? NumberOf(string path)
    {
        string digits = Path.GetFileName(path).Split('-')[0];
        return (digits.Length >= 4) && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : null;
    }

    /// <summary>Creates the claim file, which is deleted when disposed; returns null if it exists.</summary>
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

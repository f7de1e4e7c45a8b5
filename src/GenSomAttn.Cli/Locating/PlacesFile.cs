using System.Text;
using GenSomAttn.Formats;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Pictures;

namespace GenSomAttn.Cli.Locating;

/// <summary>The CSV file of the places of images, written row by row.</summary>
internal sealed class PlacesFile : IDisposable
{
    private readonly StreamedFile _file;

    /// <summary>Creates a temporary file.</summary>
    /// <param name="path">A path in the folder of the file; the folder must exist.</param>
    public PlacesFile(string path)
    {
        _file = new StreamedFile(path);
        Write(NumberTable.Line([.. LocatedImage.Columns]));
    }

    /// <summary>Writes a row for each image.</summary>
    public void Add(LocatedBatch batch)
    {
        foreach (LocatedImage image in batch.Images)
        {
            Write(NumberTable.Line(image.Cells()));
        }
    }

    /// <summary>Completes the file, before it is saved.</summary>
    public void Complete() => _file.Complete();

    /// <summary>Returns whether a file has the same content.</summary>
    public bool IsIn(string path) => _file.IsIn(path);

    /// <summary>Saves the file under its name.</summary>
    public void SaveAs(string path) => _file.SaveAs(path);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Write(string line) => _file.Content.Write(Encoding.UTF8.GetBytes(line));
}

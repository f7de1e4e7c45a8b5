using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;

namespace GenSomAttn.Cli.Exporting;

/// <summary>
/// The arrays of a trained model and its images for NumPy: codebook (rows, columns, D), codes (N, D), units (N) and labels (N); codebook
/// and units only of a model with a map, labels only where the images have some.
/// </summary>
internal static class ArraysFile
{
    /// <summary>Returns the names of the arrays; labels are the last.</summary>
    public static IReadOnlyList<string> Names(bool hasMap) => hasMap ? ["codebook", "codes", "units", "labels"] : ["codes", "labels"];

    /// <summary>Writes the arrays.</summary>
    /// <param name="model">The model.</param>
    /// <param name="sets">The images, one set after another.</param>
    /// <param name="hasLabels">Whether the images have labels.</param>
    /// <param name="paths">The .npz file, or a .npy file for each array.</param>
    /// <returns>The written files.</returns>
    public static IReadOnlyList<string> Write(
        ImageModel model, IEnumerable<ImageSet> sets, bool hasLabels, IReadOnlyList<string> paths)
    {
        NpyArray[] arrays = [.. Arrays(model).SkipLast(hasLabels ? 0 : 1)];
        using var file = new NpyWriter(paths[0], arrays);
        if (model.Map is { } map)
        {
            file.Append<float>(0, map.Codebook.ToArray());
        }

        long images = 0;
        foreach (ImageSet set in sets)
        {
            int array = model.Map is null ? 0 : 1;
            CodedImages coded = CodedImages.Of(model, set);
            file.Append(array++, coded.Codes.Span);
            if (model.Map is not null)
            {
                file.Append(array++, coded.Bmu.Span);
            }

            if (hasLabels)
            {
                file.Append<int>(array, set.Labels);
            }

            images += set.Count;
        }

        if (paths.Count == 1)
        {
            file.Save(images);
            return paths;
        }

        file.SaveEach(images, paths);
        return [.. paths.Take(arrays.Length)];
    }

    private static IEnumerable<NpyArray> Arrays(ImageModel model)
    {
        if (model.Map is { } map)
        {
            yield return new NpyArray("codebook", "<f4", map.Width, map.Dimension) { Rows = map.Height };
        }

        yield return new NpyArray("codes", "<f4", model.CodeLength);
        if (model.Map is not null)
        {
            yield return new NpyArray("units", "<i4");
        }

        yield return new NpyArray("labels", "<i4");
    }
}

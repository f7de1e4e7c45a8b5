using System.Globalization;
using GenSomAttn.Formats;

namespace GenSomAttn.Model.Data;

/// <summary>Labels of a set of arrays, from 0 on, and the names of the classes; both are empty without label files.</summary>
/// <param name="Train">(Training images).</param>
/// <param name="Test">(Test images).</param>
/// <param name="Names">The name of each class.</param>
/// <param name="First">The number in the files that became 0.</param>
internal sealed record ClassLabels(int[] Train, int[] Test, IReadOnlyList<string> Names, int First)
{
    /// <summary>
    /// Makes labels of the numbers in the files. If they begin above 0, their first becomes 0, unless labels.txt has names for all numbers.
    /// </summary>
    /// <param name="train">Labels of the training images; null for none.</param>
    /// <param name="test">Labels of the test images; null for none.</param>
    /// <param name="names">The lines of labels.txt; null for the numbers in the files.</param>
    /// <exception cref="DataException">A label is out of range.</exception>
    public static ClassLabels Of(ArrayContent? train, ArrayContent? test, IReadOnlyList<string>? names)
    {
        if (train is null)
        {
            return new ClassLabels([], [], [], 0);
        }

        (int[] trainLabels, int[] testLabels) = (Numbers(train), test is null ? [] : Numbers(test));
        int first = Math.Min(trainLabels.Min(), testLabels.DefaultIfEmpty(int.MaxValue).Min());
        int last = Math.Max(trainLabels.Max(), testLabels.DefaultIfEmpty(0).Max());
        first = names is null || last >= names.Count ? first : 0;
        names ??= [.. Enumerable.Range(first, last - first + 1).Select(label => label.ToString(CultureInfo.InvariantCulture))];
        CheckNamed(train, trainLabels, first, names.Count);
        if (test is not null)
        {
            CheckNamed(test, testLabels, first, names.Count);
        }

        return new ClassLabels(
            Array.ConvertAll(trainLabels, label => label - first), Array.ConvertAll(testLabels, label => label - first), names, first);
    }

    private static int[] Numbers(ArrayContent content)
    {
        int[] labels = new int[content.Kept];
        for (int n = 0; n < labels.Length; n++)
        {
            long label = content.NumberAt(n);
            if (label is < 0 or >= Dataset.MaxClasses)
            {
                throw new DataException(
                    $"Cannot use {content.Path}: label {label} of image {n} is not in the range from 0 to {Dataset.MaxClasses - 1}.");
            }

            labels[n] = (int)label;
        }

        return labels;
    }

    private static void CheckNamed(ArrayContent content, int[] labels, int first, int classes)
    {
        int bad = Array.FindIndex(labels, label => label - first >= classes);
        if (bad >= 0)
        {
            throw new DataException($"Cannot use {content.Path}: label {labels[bad]} of image {bad} is not one of the {classes} "
                + "classes in labels.txt.");
        }
    }
}

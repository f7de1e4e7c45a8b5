using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Profiling;

/// <summary>Sizes of an operation as a person writes them; channels come first, as in the model's description.</summary>
internal static class OperationSizes
{
    public static string Describe<TSizes>(TSizes sizes)
        where TSizes : struct => sizes switch
        {
            Conv2dShape s => $"{s.Batch} of {s.InChannels}x{s.InHeight}x{s.InWidth} -> {s.OutChannels}x{s.OutHeight}x{s.OutWidth}",
            ConvTranspose2dShape s => $"{s.Batch} of {s.InChannels}x{s.InHeight}x{s.InWidth} -> {s.OutChannels}x{s.OutHeight}x{s.OutWidth}",
            LinearShape s => $"{s.Rows} of {s.InFeatures} -> {s.OutFeatures}",
            AttentionShape s => $"{s.Batch} of {s.Tokens}x{s.Width}, {s.Heads} heads",
            SomShape s => $"{s.Samples} of {s.Dimension}, map {s.MapHeight}x{s.MapWidth}",
            Pool2dShape s => $"{s.Batch} of {s.Channels}x{s.InHeight}x{s.InWidth} -> {s.Channels}x{s.OutHeight}x{s.OutWidth}",
            ColumnsShape s => $"{s.Rows} of {s.Columns}, into {s.Width}",
            RowsShape s => $"{s.Rows} of {s.Length}",
            ElementCount s => $"{s.Count}",
            _ => $"{sizes}",
        };
}

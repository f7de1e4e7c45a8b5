namespace GenSomAttn.Cli.Exporting;

/// <summary>Values of --format of export.</summary>
internal enum ExportFormat
{
    /// <summary>The parameters, in one file.</summary>
    Safetensors,

    /// <summary>The networks, a file each.</summary>
    Onnx,

    /// <summary>Codebook, codes, units and labels, a NumPy file each.</summary>
    Npy,

    /// <summary>The same arrays in one NumPy archive.</summary>
    Npz,
}

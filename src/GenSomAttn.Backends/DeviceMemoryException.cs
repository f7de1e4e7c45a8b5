using System.Globalization;

namespace GenSomAttn.Backends;

/// <summary>
/// A device has not the memory that was asked for. The message says how much was asked, how much is held, and how much is free.
/// </summary>
public sealed class DeviceMemoryException : Exception
{
    /// <summary>A request that failed.</summary>
    /// <param name="device">The device's name.</param>
    /// <param name="asked">Bytes asked for.</param>
    /// <param name="held">Bytes that the program holds on the device.</param>
    /// <param name="free">Bytes that could be had.</param>
    /// <param name="cause">What the driver said; null if it was not asked.</param>
    public DeviceMemoryException(string device, long asked, long held, long free, Exception? cause)
        : base(
            $"{device} has not enough memory: {Megabytes(asked)} were asked for, {Megabytes(free)} are free, and "
            + $"{Megabytes(held)} are held already.", cause)
    {
    }

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture) + " MB";
}

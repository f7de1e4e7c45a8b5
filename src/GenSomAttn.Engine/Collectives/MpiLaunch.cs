using System.Globalization;

namespace GenSomAttn.Engine.Collectives;

/// <summary>How a launcher, such as mpirun or srun, started this process as one of several; read from its environment variables.</summary>
/// <param name="Rank">Number of this process, from 0.</param>
/// <param name="Size">Number of processes, at least 2.</param>
/// <param name="IsOpenMpi">Whether the launcher is Open MPI's.</param>
public sealed record MpiLaunch(int Rank, int Size, bool IsOpenMpi)
{
    /// <summary>
    /// Variables of rank and size. PMI's are those of MPICH, Intel MPI and srun with that plugin. Slurm's are of a step of srun: a batch
    /// script has the number of tasks too, and is one process.
    /// </summary>
    private static readonly (string Rank, string Size, bool IsOpenMpi)[] Variables =
    [
        ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", true),
        ("PMI_RANK", "PMI_SIZE", false),
        ("MV2_COMM_WORLD_RANK", "MV2_COMM_WORLD_SIZE", false),
        ("SLURM_PROCID", "SLURM_STEP_NUM_TASKS", true),
    ];

    /// <summary>Reads the environment of this process; null if it was started alone.</summary>
    public static MpiLaunch? FromEnvironment() => From(Environment.GetEnvironmentVariable);

    /// <summary>Reads variables; null if they are those of a process that was started alone.</summary>
    /// <param name="variable">Returns the value of a variable, or null.</param>
    public static MpiLaunch? From(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        foreach ((string rankName, string sizeName, bool isOpenMpi) in Variables)
        {
            if (Number(variable(rankName)) is { } rank && Number(variable(sizeName)) is { } size && rank < size)
            {
                return size > 1 ? new MpiLaunch(rank, size, isOpenMpi) : null;
            }
        }

        return null;
    }

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}

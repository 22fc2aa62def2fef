namespace Bootstrapper.Mutation;

internal static class Together
{
    /// <summary>Most tests wait: for the disk, for a process.</summary>
    public static ParallelOptions Options { get; } = new() { MaxDegreeOfParallelism = Environment.ProcessorCount + 1 };
}

using Bootstrapper.Cluster;
using Bootstrapper.Rendering;

namespace Bootstrapper.Cli;

/// <summary>Loads a description and prints what is wrong with it, one clickable line each.</summary>
internal static class ProblemReport
{
    /// <param name="checkFurther">What is to be checked beside a description that is good in itself.</param>
    /// <returns>The snapshot, or the exit code that says why there is none.</returns>
    public static (Snapshot? Snapshot, int ExitCode) Load(
        Bsroot bsroot, string file, TextWriter error, Func<ClusterDescription, IEnumerable<Problem>>? checkFurther = null)
    {
        try
        {
            var (snapshot, problems, locate) = SnapshotLoader.Load(bsroot, file);
            var further = snapshot is null ? [] : checkFurther?.Invoke(snapshot.Cluster).Select(locate).ToList() ?? [];
            Print([.. problems, .. further], file, error);
            return snapshot is null || further.Exists(problem => problem.Severity == Severity.Error)
                ? (null, ExitCode.InvalidInput)
                : (snapshot, ExitCode.Success);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            error.WriteLine($"{file}: error: there is no such file; write one, or name another data root with --bsroot");
            return (null, ExitCode.MissingInput);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"{file}: error: {e.Message}");
            return (null, ExitCode.InputOutput);
        }
    }

    public static void Print(IEnumerable<Problem> problems, string file, TextWriter error)
    {
        foreach (var problem in problems)
        {
            error.WriteLine(problem.Format(file));
        }
    }
}

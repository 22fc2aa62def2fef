using Bootstrapper.Cluster;
using Bootstrapper.InForce;

namespace Bootstrapper.Cli;

/// <summary>Loads a description and prints what is wrong with it, one clickable line each.</summary>
internal static class ProblemReport
{
    /// <inheritdoc cref="Load(Bsroot, string, Action{Problem}, Func{ClusterDescription, IEnumerable{Problem}})"/>
    public static (Snapshot? Snapshot, int ExitCode) Load(
        Bsroot bsroot, string file, TextWriter error, Func<ClusterDescription, IEnumerable<Problem>>? checkFurther = null) =>
        Load(bsroot, file, problem => error.WriteLine(problem.Format(file)), checkFurther);

    /// <param name="say">Prints one of them.</param>
    /// <param name="checkFurther">What is to be checked beside a description that is good in itself.</param>
    /// <returns>The snapshot, or the exit code that says why there is none.</returns>
    public static (Snapshot? Snapshot, int ExitCode) Load(
        Bsroot bsroot, string file, Action<Problem> say, Func<ClusterDescription, IEnumerable<Problem>>? checkFurther = null)
    {
        try
        {
            var (snapshot, problems, locate) = SnapshotLoader.Load(bsroot, file);
            var further = snapshot is null ? [] : checkFurther?.Invoke(snapshot.Cluster).Select(locate).ToList() ?? [];
            foreach (var problem in problems.Concat(further))
            {
                say(problem);
            }

            return snapshot is null || further.Exists(problem => problem.Severity == Severity.Error)
                ? (null, ExitCode.InvalidInput)
                : (snapshot, ExitCode.Success);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            say(Problem.Error("", "there is no such file; write one, or name another data root with --bsroot"));
            return (null, ExitCode.MissingInput);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            say(Problem.Error("", e.Message));
            return (null, ExitCode.InputOutput);
        }
    }
}

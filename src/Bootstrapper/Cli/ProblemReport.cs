using Bootstrapper.Cluster;
using Bootstrapper.InForce;

namespace Bootstrapper.Cli;

/// <summary>Loads a description and prints what is wrong with it, one clickable line each.</summary>
internal static class ProblemReport
{
    /// <inheritdoc cref="Load(Action{Problem}, Func{LoadResult}, Func{ClusterDescription, IEnumerable{Problem}})"/>
    public static (Snapshot? Snapshot, int ExitCode) Load(
        Bsroot bsroot, string file, TextWriter error, Func<ClusterDescription, IEnumerable<Problem>>? checkFurther = null) =>
        Load(bsroot, file, problem => error.WriteLine(problem.Format(file)), checkFurther);

    /// <inheritdoc cref="Load(Action{Problem}, Func{LoadResult}, Func{ClusterDescription, IEnumerable{Problem}})"/>
    public static (Snapshot? Snapshot, int ExitCode) Load(
        Bsroot bsroot, string file, Action<Problem> say, Func<ClusterDescription, IEnumerable<Problem>>? checkFurther) =>
        Load(say, () => SnapshotLoader.Load(bsroot, file), checkFurther);

    /// <summary>
    /// For <c>serve</c>: a broken file beside the description is told and left out. Whatever else is wrong, there is a line.
    /// </summary>
    /// <param name="fault">Is told what the bootstrapper is itself at fault of, stack and all.</param>
    public static (Snapshot? Snapshot, int ExitCode) LoadToServe(
        Bsroot bsroot,
        Action<Problem> say,
        Action<Exception> fault,
        Func<ClusterDescription, IEnumerable<Problem>> checkFurther)
    {
        try
        {
            return Load(say, () => SnapshotLoader.Load(bsroot, bsroot.Description, FilesBeside.None), checkFurther);
        }
#pragma warning disable CA1031 // Whatever it is, the operator is told at which file it happened.
        catch (Exception e)
#pragma warning restore CA1031
        {
            say(Problem.Error("", $"cannot be used, and the bootstrapper itself is at fault: {e.GetType().Name}: {e.Message}. "
                + "Undo the last change, and report it with the stack that --log-level debug shows"));
            fault(e);
            return (null, ExitCode.Software);
        }
    }

    /// <param name="say">Prints one of them.</param>
    /// <param name="checkFurther">What is to be checked beside a description that is good in itself.</param>
    /// <returns>The snapshot, or the exit code that says why there is none.</returns>
    private static (Snapshot? Snapshot, int ExitCode) Load(
        Action<Problem> say, Func<LoadResult> load, Func<ClusterDescription, IEnumerable<Problem>>? checkFurther)
    {
        try
        {
            var (snapshot, problems, locate) = load();
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

using Bootstrapper.Cluster;
using Bootstrapper.InForce;

namespace Bootstrapper.Cli;

/// <summary>Loads a description and prints what is wrong with it, one clickable line each.</summary>
internal static class ProblemReport
{
    /// <inheritdoc cref="Load(string, Action{Problem}, Func{LoadResult}, Func{ClusterDescription, IEnumerable{Problem}})"/>
    public static (Snapshot? Snapshot, int ExitCode) Load(
        Bsroot bsroot, string file, TextWriter error, Func<ClusterDescription, IEnumerable<Problem>>? checkFurther = null) =>
        Load(bsroot, file, problem => error.WriteLine(problem.Format(file)), checkFurther);

    /// <inheritdoc cref="Load(string, Action{Problem}, Func{LoadResult}, Func{ClusterDescription, IEnumerable{Problem}})"/>
    public static (Snapshot? Snapshot, int ExitCode) Load(
        Bsroot bsroot, string file, Action<Problem> say, Func<ClusterDescription, IEnumerable<Problem>>? checkFurther) =>
        Load(file, say, () => SnapshotLoader.Load(bsroot, file), checkFurther);

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
            return Load(
                bsroot.Description, say, () => SnapshotLoader.Load(bsroot, bsroot.Description, FilesBeside.None), checkFurther);
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
        string file, Action<Problem> say, Func<LoadResult> load, Func<ClusterDescription, IEnumerable<Problem>>? checkFurther)
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
            say(Problem.Error("", $"there is no such file; {WhatToDo(file)}"));
            return (null, ExitCode.MissingInput);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            say(Problem.Error("", e.Message));
            return (null, ExitCode.InputOutput);
        }
    }

    private static string WhatToDo(string file) =>
        new FileInfo(file).LinkTarget is { } target ? $"it is a link to {target}: mount or restore what that is"
        : Misnamed(file) is { } other ? $"there is {other}: rename it to {Path.GetFileName(file)}"
        : "write one, or name another data root with --bsroot";

    /// <summary>A file beside it with a name that differs in case, signs between words or the spelling of its ending.</summary>
    private static string? Misnamed(string file) => Path.GetDirectoryName(Path.GetFullPath(file)) is { } directory
        && Directory.Exists(directory)
            ? Directory.EnumerateFiles(directory).Select(path => Path.GetFileName(path))
                .Order(StringComparer.Ordinal).FirstOrDefault(name => Letters(name) == Letters(Path.GetFileName(file)))
            : null;

    private static string Letters(string name) => string.Concat(name.ToLowerInvariant().Where(char.IsLetter))
        .Replace("yaml", "yml", StringComparison.Ordinal);
}

using System.Text.RegularExpressions;
using Bootstrapper.Host;
using Bootstrapper.InForce;

namespace Bootstrapper.Cli;

/// <summary>A description that is read here and sent to a bootstrapper that runs.</summary>
internal static partial class SentDescription
{
    /// <param name="named">A file, or the directory of one.</param>
    /// <exception cref="ApiException">
    /// It cannot be read; or nothing is in it, which must not be taken for the one on disk; or more than it is to be sent.
    /// </exception>
    public static string Read(string named)
    {
        RefuseFilesBeside(named);
        var file = FileIn(named);
        try
        {
            var text = Utf8File.Read(file, SnapshotLoader.LargestDescription);
            return string.IsNullOrWhiteSpace(text)
                ? throw new ApiException(ExitCode.InvalidInput, $"{file} is empty: expected a description")
                : text;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ApiException(ExitCode.MissingInput, $"{file}: there is no such file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ApiException(ExitCode.InputOutput, e.Message);
        }
    }

    /// <param name="named"><c>null</c> for the one on the bootstrapper's disk.</param>
    /// <returns>The file that problems are told of.</returns>
    public static string FileIn(string? named) => named is null ? Bsroot.DescriptionName
        : Directory.Exists(named) ? Path.Combine(named, Bsroot.DescriptionName)
        : named;

    /// <summary>Mistakes are told for the file that was named: the bootstrapper has another one of its own.</summary>
    public static ApiException In(string? named, ApiException refusal) => refusal.ExitCode == ExitCode.InvalidInput
        ? new ApiException(refusal.ExitCode, Description().Replace(refusal.Message, FileIn(named).Replace("$", "$$", Ordinal)))
        : refusal;

    /// <summary>The bootstrapper takes its own templates: a plan without those of a directory would be another one's.</summary>
    private static void RefuseFilesBeside(string named)
    {
        if (Directory.Exists(named) && new Bsroot(Path.GetFullPath(named)) is var root
            && WatchedFiles.EditedFiles(root).FirstOrDefault(file => file != root.Description && File.Exists(file)) is { } beside)
        {
            throw new ApiException(
                ExitCode.InvalidInput,
                $"{beside} would not count: a bootstrapper that runs is sent the description alone, and takes the templates of "
                    + $"its own data root; name {root.Description} for that, or compare data roots with --against DIR");
        }
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;

    [GeneratedRegex(@"^cluster-desc\.yml(?=:)", RegexOptions.Multiline)]
    private static partial Regex Description();
}

using System.CommandLine;
using Bootstrapper.Backups;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper backup restore FILE --to DIR [--key FILE]</c></summary>
internal static class BackupRestoreCommand
{
    private const int MostNamed = 3;

    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A backup." };
        var to = new Option<string>("--to")
        {
            HelpName = "DIR",
            Description = "The data root that it becomes: a directory that is empty, or not there yet.",
            Required = true,
        };
        var key = BackupCommand.Key();
        var command = new Command("restore", """
            Makes a data root of a backup, on this or another machine.

            All of it is verified before anything is in place; a backup that is not whole leaves nothing behind.
            Tells what to fetch again afterwards. Stop the old bootstrapper first and for good: two with one CA
            would each give out what the other does not know. Exit code 65 if the backup is not whole or the directory is not
            empty, 69 if a bootstrapper serves from it.
            """) { file, to, key };
        command.SetAction((parsed, cancellation) => BundleFailure.GuardAsync(parsed.InvocationConfiguration.Error, () => RunAsync(
            Path.GetFullPath(parsed.GetRequiredValue(file)),
            Path.GetFullPath(parsed.GetRequiredValue(to)),
            parsed.GetValue(key) is { } secret ? Path.GetFullPath(secret) : null,
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error,
            cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(
        string file, string directory, string? key, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var (restore, (head, manifest)) = await ProgressDisplay.ShowAsync(output, async progress =>
        {
            var restore = new BackupRestore(directory, progress);
            return (restore, await restore.RunAsync(new SealedFile(file, key), cancellation));
        });
        await output.WriteLineAsync($"{directory} is restored: {BackupCommand.Tell(head, manifest)}");
        if (restore.Objection is { } objection)
        {
            await error.WriteLineAsync($"warning: {objection}");
        }

        var missing = manifest.Missing.GroupBy(left => (left.What, left.Again)).ToList();
        if (missing.Count > 0)
        {
            await output.WriteLineAsync("It was made without these; bring them again:");
        }

        foreach (var left in missing)
        {
            var more = left.Count() > MostNamed ? $" and {left.Count() - MostNamed} more" : "";
            await output.WriteLineAsync(
                $"  {string.Join(", ", left.Take(MostNamed).Select(one => one.Path))}{more} ({left.Key.What}): {left.Key.Again}");
        }

        await output.WriteLineAsync($"""
            Then:
              1. Stop the bootstrapper that it is of, on {head.Host}, for good.
              2. Give this host its address: bootstrapper: in {Path.Combine(directory, Bsroot.DescriptionName)}.
              3. bootstrapper check --bsroot {directory}
              4. bootstrapper serve --bsroot {directory}
            """);
        return ExitCode.Success;
    }
}

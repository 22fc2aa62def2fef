using System.CommandLine;
using Bootstrapper.Backups;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper backup verify FILE [--key FILE]</c></summary>
internal static class BackupVerifyCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A backup." };
        var key = BackupCommand.Key();
        var command = new Command("verify", """
            Reads a backup from end to end, writes nothing, and tells what is in it.

            Every file is there and has its digest. Exit code 65 if it is damaged, cut off or altered, or if the
            key is not the one that it was encrypted to.
            """) { file, key };
        command.SetAction((parsed, cancellation) => BundleFailure.GuardAsync(parsed.InvocationConfiguration.Error, () => RunAsync(
            Path.GetFullPath(parsed.GetRequiredValue(file)),
            parsed.GetValue(key) is { } secret ? Path.GetFullPath(secret) : null,
            parsed.InvocationConfiguration.Output,
            cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(string file, string? key, TextWriter output, CancellationToken cancellation)
    {
        var (head, manifest) = await ProgressDisplay.ShowAsync(
            output, progress => BackupCheck.RunAsync(new SealedFile(file, key), progress, cancellation));
        await output.WriteLineAsync($"{file} is whole: {BackupCommand.Tell(head, manifest)}");
        await output.WriteAsync(TextTable.Of(
        [
            ["PART", "FILES", "BYTES"],
            .. manifest.Files
                .GroupBy(entry => entry.Path.Split('/') is [var top, _, ..] ? $"{top}/" : entry.Path, StringComparer.Ordinal)
                .Select(part => new[] { part.Key, $"{part.Count()}", $"{part.Sum(entry => entry.Size)}" }),
        ]));
        return ExitCode.Success;
    }
}

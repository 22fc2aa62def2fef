using System.CommandLine;
using System.Globalization;
using Bootstrapper.Bundles;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper bundle load FILE [--force]</c></summary>
internal static class BundleLoadCommand
{
    public static Command Create()
    {
        var bsroot = CommonOptions.DataRoot();
        var file = new Argument<string>("FILE") { Description = "A bundle." };
        var force = new Option<bool>("--force")
        {
            Description = "Replace a cluster-desc.yml and templates that differ from those in the bundle.",
        };
        var command = new Command("load", """
            Verifies a bundle and copies it into the data root, also of a running bootstrapper.

            Nothing is visible before all of it is verified; releases appear whole, and 'current' moves last. What
            is there already is not written again: interrupted, it resumes where it stopped. Files that the
            bundle does not have stay. Exit code 65 if it is not whole, or would overwrite what you wrote.
            """) { file, force, bsroot };
        command.SetAction((parsed, cancellation) => BundleFailure.GuardAsync(parsed.InvocationConfiguration.Error, () => RunAsync(
            parsed.Bsroot(bsroot),
            parsed.GetRequiredValue(file),
            parsed.GetValue(force),
            parsed.InvocationConfiguration.Output,
            cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(
        Bsroot bsroot, string file, bool force, TextWriter output, CancellationToken cancellation)
    {
        using var archive = BundleArchive.At(file);
        var written = await ProgressDisplay.ShowAsync(
            output,
            progress => new BundleLoad(bsroot, archive, force, progress).RunAsync(cancellation));
        await output.WriteLineAsync(written.Count == 0
            ? $"{file}: all of it was already in {bsroot.Root}"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{file}: {written.Count} files, {written.Sum(entry => entry.Size) / 1e6:F1} MB, are new in {bsroot.Root}"));
        return ExitCode.Success;
    }
}

using System.CommandLine;
using System.Globalization;
using Bootstrapper.Bundles;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper bundle load FILE [--key PUBLIC] [--allow-unsigned] [--allow-older] [--force]</c></summary>
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
        var key = BundleCommand.PublicKey("Trust the maker of this key from now on: it is copied into bundle-keys/.");
        var unsigned = BundleCommand.AllowUnsigned();
        var older = new Option<bool>("--allow-older")
        {
            Description = "Take a bundle that is older than the one loaded last, or has older releases than those in force.",
        };
        var command = new Command("load", """
            Verifies a bundle and copies it into the data root, also of a running bootstrapper.

            It must be signed with a key in the data root's bundle-keys/, or with the one that --key names.
            Nothing is visible before all of it is verified; releases appear whole, and 'current' moves last. What
            is there already is not written again: interrupted, it resumes where it stopped. Files that the
            bundle does not have stay. Exit code 65 if it is not signed with a key that you trust, is not whole, is older
            than what is here, or would overwrite what you wrote.
            """) { file, key, unsigned, older, force, bsroot };
        command.SetAction((parsed, cancellation) => BundleFailure.GuardAsync(parsed.InvocationConfiguration.Error, () => RunAsync(
            parsed.Bsroot(bsroot),
            new Arguments(
                parsed.GetRequiredValue(file),
                parsed.GetValue(key),
                parsed.GetValue(unsigned),
                new LoadLeave(parsed.GetValue(force), parsed.GetValue(older))),
            parsed.InvocationConfiguration.Output,
            cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(
        Bsroot bsroot, Arguments request, TextWriter output, CancellationToken cancellation)
    {
        using var archive = BundleArchive.At(request.File);
        var trust = BundleTrust.Of(bsroot, request.Key, request.AllowUnsigned);
        var written = await ProgressDisplay.ShowAsync(
            output,
            progress => new BundleLoad(bsroot, archive, trust, request.Leave, progress).RunAsync(cancellation));
        if (request.Key is { } key)
        {
            BundleTrust.Keep(bsroot, key);
        }

        await output.WriteLineAsync(written.Count == 0
            ? $"{request.File}: all of it was already in {bsroot.Root}"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{request.File}: {written.Count} files, {written.Sum(entry => entry.Size) / 1e6:F1} MB, "
                    + $"are new in {bsroot.Root}"));
        return ExitCode.Success;
    }

    private sealed record Arguments(string File, string? Key, bool AllowUnsigned, LoadLeave Leave);
}

using System.CommandLine;
using System.Globalization;
using Bootstrapper.Backups;
using Bootstrapper.Host;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper backup create OUT --recipient KEY|--recipients-file FILE|--openpgp KEY.asc|--plain</c></summary>
internal static class BackupCreateCommand
{
    public static Command Create()
    {
        var bsroot = CommonOptions.DataRoot();
        var output = new Argument<string>("OUT")
        {
            Description = "The file to write; in a directory, one with cluster and time in its name.",
        };
        var recipient = new Option<string[]>("--recipient")
        {
            HelpName = "KEY",
            Description = "Encrypt it with age to this public key, age1…; may be repeated.",
        };
        var recipients = new Option<string[]>("--recipients-file")
        {
            HelpName = "FILE",
            Description = "Encrypt it with age to the public keys in the file, one a line; may be repeated.",
        };
        var openPgp = new Option<string[]>("--openpgp")
        {
            HelpName = "KEY.asc",
            Description = "Encrypt it with gpg to this public key, as 'gpg --export' writes it; may be repeated.",
        };
        var plain = new Option<bool>("--plain")
        {
            Description = "Do not encrypt it: whoever reads the file has the CA's key, and with it the cluster.",
        };
        var command = new Command("create", """
            Writes one file with all of the data root that cannot be fetched or made again.

            The bootstrapper may run meanwhile, and machines may be installed: what was acknowledged before is in
            it. Without are images, releases, the registry's storage, our boot loaders and what is rendered; the
            file says which. It is written whole or not at all, mode 0600. Its keys are public: the secret one
            belongs on another machine.
            """) { output, recipient, recipients, openPgp, plain, bsroot };
        command.Validators.Add(result =>
        {
            var (age, pgp) = (
                (result.GetValue(recipient) ?? []).Length + (result.GetValue(recipients) ?? []).Length,
                (result.GetValue(openPgp) ?? []).Length);
            if (new[] { age > 0, pgp > 0, result.GetValue(plain) }.Count(chosen => chosen) != 1)
            {
                result.AddError(
                    "a backup holds the CA's key: give one of --recipient (or --recipients-file), --openpgp and --plain");
            }
        });
        command.SetAction((parsed, cancellation) => BundleFailure.GuardAsync(parsed.InvocationConfiguration.Error, () => RunAsync(
            parsed.Bsroot(bsroot),
            Path.GetFullPath(parsed.GetRequiredValue(output)),
            new Seal(
                parsed.GetValue(recipient) ?? [],
                FullPaths(parsed.GetValue(recipients)),
                FullPaths(parsed.GetValue(openPgp))),
            parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancellation)));
        return command;
    }

    private static IReadOnlyList<string> FullPaths(string[]? files) => [.. (files ?? []).Select(Path.GetFullPath)];

    private static async Task<int> RunAsync(
        Bsroot bsroot, string target, Seal seal, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        foreach (var named in seal.RecipientsFiles.Concat(seal.OpenPgpKeys))
        {
            NamedFile.Require(named);
        }

        if (seal.IsNone)
        {
            await error.WriteLineAsync(
                "warning: the backup is not encrypted: whoever reads it has the CA's key, and with it the cluster");
        }

        var (creation, (file, manifest)) = await ProgressDisplay.ShowAsync(output, async progress =>
        {
            var creation = new BackupCreation(bsroot, seal, progress, TimeProvider.System);
            return (creation, await creation.RunAsync(target, cancellation));
        });
        foreach (var (path, what) in creation.PassedOver)
        {
            await error.WriteLineAsync($"warning: {bsroot.At(path)} is not in it: it is {Printable.OnOneLine(what)}");
        }

        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{file}: {manifest.Files.Count} files, {manifest.Files.Sum(entry => entry.Size) / 1e6:F1} MB, "
                + $"{new FileInfo(file).Length / 1e6:F1} MB packed{(seal.IsNone ? "" : " and encrypted")}"));
        return ExitCode.Success;
    }
}

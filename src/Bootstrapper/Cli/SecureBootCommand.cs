using System.CommandLine;
using System.Security.Cryptography;
using Bootstrapper.Pki;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper secureboot …</c></summary>
internal static class SecureBootCommand
{
    public static Command Create() => new("secureboot", "Makes the key with which you sign what machines start.") { Keys() };

    private static Command Keys()
    {
        var bsroot = CommonOptions.DataRoot();
        var command = new Command("keys", """
            Makes the key and the certificate for machines with secure_boot: uki, once.

            They are in secureboot/ of the data root: db.key, which docker/uki.sh signs with, db.crt, and db.der, which is the
            same for the menus of firmware. What is there already is kept.
            """) { bsroot };
        command.SetAction(parsed => PkiFailure.Guard(parsed.InvocationConfiguration.Error, () =>
            Run(parsed.Bsroot(bsroot), parsed.InvocationConfiguration.Output)));
        return command;
    }

    private static int Run(Bsroot bsroot, TextWriter output)
    {
        var made = SecureBootKey.Ensure(bsroot, TimeProvider.System);
        using var certificate = SecureBootKey.Read(bsroot);
        string[] files = [bsroot.SecureBootKey, bsroot.SecureBootCertificate, bsroot.SecureBootDer];
        foreach (var file in files)
        {
            var outcome = made.Contains(file, StringComparer.Ordinal) ? "made" : File.Exists(file) ? "kept" : "not here";
            output.WriteLine($"{outcome}  {file}");
        }

        output.WriteLine($"""
            The certificate's SHA-256 is {Convert.ToHexStringLower(certificate.GetCertHash(HashAlgorithmName.SHA256))}

            Next (docs/secure-boot.md):
              docker/uki.sh --to {bsroot.Root}    makes tftpboot/uki.efi, and signs it
              db.der into the db of each machine's firmware
              secure_boot: uki in {Bsroot.DescriptionName}
            """);
        return ExitCode.Success;
    }
}

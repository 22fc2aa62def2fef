using System.Runtime.ExceptionServices;
using Bootstrapper.Host;

namespace Bootstrapper.Backups;

/// <summary>To whom a backup is encrypted, by age(1) or gpg(1); to nobody where none is named.</summary>
/// <param name="Recipients">age's public keys, <c>age1…</c>, or those of SSH.</param>
/// <param name="RecipientsFiles">With such keys, one a line.</param>
/// <param name="OpenPgpKeys">Files with public keys, as <c>gpg --export</c> writes them.</param>
internal sealed record Seal(
    IReadOnlyList<string> Recipients, IReadOnlyList<string> RecipientsFiles, IReadOnlyList<string> OpenPgpKeys)
{
    public static readonly TimeSpan Limit = TimeSpan.FromHours(12);

    public bool IsNone => Recipients.Count + RecipientsFiles.Count + OpenPgpKeys.Count == 0;

    /// <summary>Of the name of a file, such as <c>.age</c>.</summary>
    public string Ending => IsNone ? "" : OpenPgpKeys.Count > 0 ? ".gpg" : ".age";

    /// <summary>Packs what is written, and encrypts it.</summary>
    /// <param name="write">Writes all that is to be in it.</param>
    /// <exception cref="ProgramException">A program is missing, or a key cannot be used.</exception>
    public async Task WriteAsync(Stream target, Func<Stream, CancellationToken, Task> write, CancellationToken cancellation)
    {
        var content = new GuardedPipe(write);
        using var home = OpenPgpKeys.Count > 0 ? new OpenPgpHome() : null;
        var pack = new ProgramRun("zstd", ["-q", "-c", "-T0"], Limit) { Input = content.RunAsync };
        await (IsNone ? Into(target, pack) : Into(target, Encryption(home) with
        {
            Input = (encrypting, ended) => Into(encrypting, pack).OutputAsync(ended),
        })).OutputAsync(cancellation);
        content.ThrowIfFailed();
    }

    private static ProgramRun Into(Stream target, ProgramRun run) =>
        run with { Output = (written, ended) => written.CopyToAsync(target, ended) };

    private ProgramRun Encryption(OpenPgpHome? home) => home is not null
        ? home.Run(
        [
            "--trust-model", "always", "--compress-algo", "none",
            .. OpenPgpKeys.SelectMany(key => new[] { "--recipient-file", key }), "--encrypt", "--output", "-",
        ])
        : new ProgramRun(
            "age",
            [
                .. Recipients.SelectMany(key => new[] { "--recipient", key }),
                .. RecipientsFiles.SelectMany(file => new[] { "--recipients-file", file }),
            ],
            Limit);
}

/// <summary>
/// What writes to a program, or reads from one: where it fails, the program comes to its end all the same, so that there are two
/// reasons and the first is told.
/// </summary>
internal sealed class GuardedPipe(Func<Stream, CancellationToken, Task> work, bool drain = false)
{
    private ExceptionDispatchInfo? _failure;
    private bool _isDone;

    public async Task RunAsync(Stream stream, CancellationToken cancellation)
    {
        try
        {
            await work(stream, cancellation);
            _isDone = true;
        }
#pragma warning disable CA1031 // Whatever it is, it is thrown once the program has ended.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failure = ExceptionDispatchInfo.Capture(e);
        }

        if (drain)
        {
            await stream.CopyToAsync(Stream.Null, cancellation);
        }
    }

    public void ThrowIfFailed()
    {
        _failure?.Throw();
        if (!_isDone)
        {
            throw new IOException("a program ended before it was told all");
        }
    }
}

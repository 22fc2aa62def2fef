using Bootstrapper.Host;

namespace Bootstrapper.Signing;

/// <summary>gpg(1), with a home of its own.</summary>
internal sealed class Gpg(string home)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Whatever keys were there are forgotten; 0700.</summary>
    /// <exception cref="IOException">The data root cannot be written.</exception>
    public async Task MakeHomeEmptyAsync(CancellationToken cancellation)
    {
        if (Directory.Exists(home))
        {
            await StopAgentAsync(cancellation);
            Directory.Delete(home, recursive: true);
        }

        Directory.CreateDirectory(home, OwnerOnly);
    }

    /// <returns>What it wrote.</returns>
    /// <exception cref="ProgramException">It cannot be run, or fails.</exception>
    public Task<byte[]> RunAsync(IReadOnlyList<string> arguments, byte[] input, CancellationToken cancellation) =>
        new ProgramRun("gpg", ["--homedir", home, "--batch", "--no-tty", "--quiet", .. arguments], Limit)
        {
            Package = "gpg and gpg-agent",
            Input = (stream, token) => stream.WriteAsync(input, token).AsTask(),
        }.OutputAsync(cancellation);

    /// <summary>gpg leaves a process behind that holds the key.</summary>
    public Task StopAgentAsync(CancellationToken cancellation) => Directory.Exists(home)
        ? new ProgramRun("gpgconf", ["--homedir", home, "--kill", "gpg-agent"], Limit).RunAsync(cancellation)
        : Task.CompletedTask;
}

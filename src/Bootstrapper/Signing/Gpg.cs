using System.ComponentModel;
using System.Diagnostics;

namespace Bootstrapper.Signing;

/// <summary>gpg(1), with a home of its own.</summary>
internal sealed class Gpg(string home)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Whatever keys were there are forgotten; 0700.</summary>
    /// <exception cref="IOException">The data root cannot be written.</exception>
    public void MakeHomeEmpty()
    {
        if (Directory.Exists(home))
        {
            StopAgent();
            Directory.Delete(home, recursive: true);
        }

        Directory.CreateDirectory(home, OwnerOnly);
    }

    /// <returns>What it wrote.</returns>
    /// <exception cref="IOException">It cannot be started, or fails.</exception>
    public async Task<byte[]> RunAsync(IReadOnlyList<string> arguments, byte[] input, CancellationToken cancellation)
    {
        using var gpg = Start("gpg", ["--homedir", home, "--batch", "--no-tty", "--quiet", .. arguments]);
        await using var killed = cancellation.Register(gpg.Kill);
        using var output = new MemoryStream();
        var errors = gpg.StandardError.ReadToEndAsync(CancellationToken.None);
        var reading = gpg.StandardOutput.BaseStream.CopyToAsync(output, CancellationToken.None);
        await WriteAsync(gpg, input);
        await reading;
        await gpg.WaitForExitAsync(CancellationToken.None);
        cancellation.ThrowIfCancellationRequested();
        return gpg.ExitCode == 0 ? output.ToArray() : throw new IOException($"gpg cannot sign: {(await errors).Trim()}");
    }

    /// <summary>gpg leaves a process behind that holds the key.</summary>
    public void StopAgent()
    {
        if (Directory.Exists(home))
        {
            using var stopping = Start("gpgconf", ["--homedir", home, "--kill", "gpg-agent"]);
            stopping.WaitForExit();
        }
    }

    /// <summary>It may have ended before it has read all; then its exit code says why.</summary>
    private static async Task WriteAsync(Process gpg, byte[] input)
    {
        try
        {
            await gpg.StandardInput.BaseStream.WriteAsync(input, CancellationToken.None);
            gpg.StandardInput.Close();
        }
        catch (IOException)
        {
            await gpg.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static Process Start(string program, IReadOnlyList<string> arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["LC_ALL"] = "C" },
            })!;
        }
        catch (Win32Exception failure)
        {
            throw new IOException($"{program} does not start: {failure.Message}; install Debian's gpg and gpg-agent", failure);
        }
    }
}

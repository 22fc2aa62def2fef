namespace Bootstrapper.Cli;

/// <summary>Exit codes, as sysexits(3) numbers them.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>Before it was done.</summary>
    public const int Stopped = 1;

    public const int Usage = 64;

    /// <summary>The description or a template is wrong.</summary>
    public const int InvalidInput = 65;

    /// <summary>A file that was named is not there.</summary>
    public const int MissingInput = 66;

    /// <summary>
    /// A port, an address or the data root is somebody else's; a release is not available; a part of the daemon is not ready.
    /// </summary>
    public const int Unavailable = 69;

    /// <summary>The bootstrapper itself is at fault, or speaks another version.</summary>
    public const int Software = 70;

    public const int InputOutput = 74;

    /// <summary>Not yet: the same command will do later.</summary>
    public const int TryLater = 75;

    /// <summary>The token or certificate is not good, or its owner may not do this.</summary>
    public const int NoPermission = 77;

    /// <summary>The certificates in the data root cannot be used.</summary>
    public const int Configuration = 78;
}

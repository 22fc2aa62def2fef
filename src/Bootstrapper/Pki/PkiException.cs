namespace Bootstrapper.Pki;

/// <summary>
/// A root, or a key, cannot be used. The message names the file and what to do about it, and never what is in a key.
/// </summary>
internal sealed class PkiException(string message) : Exception(message);

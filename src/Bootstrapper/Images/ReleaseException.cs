namespace Bootstrapper.Images;

/// <summary>
/// A release is not available. The message says which file, why, and what an operator can do; what is in force stays in force.
/// </summary>
internal class ReleaseException(string message, Exception? cause = null) : Exception(message, cause);

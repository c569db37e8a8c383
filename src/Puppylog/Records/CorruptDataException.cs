namespace Puppylog.Records;

/// <summary>Stored bytes that do not verify: the block is set aside, the rest stays readable.</summary>
class CorruptDataException(string message, Exception? inner = null) : Exception(message, inner);
